//! The interpretations that functions record while a script runs, until a plan takes them.

use std::cell::RefCell;
use std::mem;

use crate::bulk::Interpretations;
use crate::interpretation::Interpretation;

/// How many interpretations a row may have; further ones are dropped.
const MAX_OF_ROW: usize = 20;

/// Interpretations of the row that is evaluated, and those outside of rows.
#[derive(Default)]
pub(in crate::script) struct InterpretationLog {
    row: RefCell<Option<Vec<Interpretation>>>,
    outside_rows: RefCell<Interpretations>,
}

impl InterpretationLog {
    /// Starts to collect the interpretations of a row.
    pub(super) fn begin_row(&self) {
        self.row.replace(Some(Vec::new()));
    }

    /// Returns the interpretations of the row, which ends.
    pub(in crate::script) fn take_row(&self) -> Vec<Interpretation> {
        self.row.take().unwrap_or_default()
    }

    /// Returns the interpretations outside of rows since the last call.
    pub(in crate::script) fn take_outside_rows(&self) -> Interpretations {
        mem::take(&mut self.outside_rows.borrow_mut())
    }

    pub(super) fn record(&self, interpretation: Interpretation) {
        match &mut *self.row.borrow_mut() {
            Some(row) => {
                // What a function returned as its reading of a value may be read again.
                let is_known = row.iter().any(|known| {
                    *known == interpretation
                        || known.reading.as_ref() == Some(&interpretation.value)
                });
                if row.len() < MAX_OF_ROW && !is_known {
                    row.push(interpretation);
                }
            }
            None => self.outside_rows.borrow_mut().add(None, interpretation),
        }
    }
}
