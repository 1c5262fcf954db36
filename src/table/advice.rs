//! Where else the rows may be, for a file whose columns are wrong: below a title, or in another sheet.

use crate::text::join_names;

/// What a file has in addition to the table that was read.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// A line below the header that looks more like one.
    pub(super) likely_header: Option<u64>,
    /// The sheets of the workbook that were not read.
    pub(super) other_sheets: Vec<String>,
}

impl Advice {
    /// Returns what the author of the script can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.describe(|option, value| {
            format!(
                "pass `#{{ {option}: {value} }}`, or `{}` to a script that takes it",
                flag(option, value)
            )
        })
    }

    /// Returns what a user can do who cannot change the script.
    #[must_use]
    pub fn user_hint(&self) -> Option<String> {
        self.describe(|option, value| {
            format!("pass `{}` to a script that takes it", flag(option, value))
        })
    }

    fn describe(&self, pass: impl Fn(&str, &str) -> String) -> Option<String> {
        let header = self.likely_header.map(|line| {
            let pass = pass("start_row", &line.to_string());
            format!("the names of the columns seem to be in line {line}: {pass}")
        });
        let sheets = self.other_sheets.first().map(|sheet| {
            let pass = pass("sheet", &format!("{sheet:?}"));
            let sheets = join_names(&self.other_sheets, "and");
            let (noun, verb) = if self.other_sheets.len() == 1 {
                ("sheet", "is")
            } else {
                ("sheets", "are")
            };
            format!("the other {noun} of the workbook {verb} {sheets}: {pass}")
        });
        match (header, sheets) {
            (Some(header), Some(sheets)) => Some(format!("{header}; {sheets}")),
            (header, sheets) => header.or(sheets),
        }
    }
}

/// Returns the option of a shipped script.
fn flag(option: &str, value: &str) -> String {
    format!("--{} {value}", option.replace('_', "-"))
}
