//! Recording how functions read values, and showing what no plan has shown.

use jiff::tz::TimeZone;
use rhai::Dynamic;

use super::run_host::Host;
use crate::interpretation::Interpreted;
use crate::table::Row;
use crate::time;

impl Host {
    /// Records the interpretations of what a function returns, for the plan or the end of the script.
    pub(in crate::script) fn record_interpretations<T>(&self, interpreted: Interpreted<T>) -> T {
        for interpretation in interpreted.interpretations {
            self.interpretations.record(interpretation);
        }
        interpreted.result
    }

    /// Starts to collect the interpretations of a row, with what its file shows about its values.
    pub(in crate::script) fn begin_row(&self, row: &Dynamic) {
        self.interpretations.begin_row();
        if let Some(row) = row.read_lock::<Row>() {
            for remark in row.remarks() {
                self.interpretations.record(remark.clone());
            }
        }
    }

    /// Reads the name of a zone, and records how it was read.
    pub(in crate::script) fn zone_named(&self, name: &str) -> Result<TimeZone, time::Error> {
        let rules = &self.settings.reading_rules;
        let interpreted = rules.zones.interpret(name)?;
        Ok(self.record_interpretations(interpreted))
    }

    /// Shows the interpretations that no plan has shown.
    pub(in crate::script) fn report_interpretations(&self) {
        // An error may have ended the script in the middle of a row, whose plan is not shown.
        self.interpretations.take_row();
        let interpretations = self.interpretations.take_outside_rows();
        if !interpretations.is_empty() {
            self.console.show_interpretations(interpretations);
        }
    }
}
