//! The conditions that rows of a plan were compared with, to find those that no row matches: probably a misspelled value.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// How many conditions are remembered.
const MAX_CONDITIONS: usize = 20;

/// Conditions by their text.
#[derive(Default)]
pub(in crate::script) struct Conditions(RefCell<BTreeMap<String, Condition>>);

struct Condition {
    column: String,
    value: String,
    /// Rows with the value are left out, not the others.
    excludes: bool,
    /// Whether a row has the value.
    has_matched: bool,
}

impl Conditions {
    /// Records that a row was compared with the condition `text`.
    pub(in crate::script) fn record(
        &self,
        text: &str,
        (column, value): (&str, &str),
        excludes: bool,
        has_value: bool,
    ) {
        let mut conditions = self.0.borrow_mut();
        if let Some(condition) = conditions.get_mut(text) {
            condition.has_matched |= has_value;
        } else if conditions.len() < MAX_CONDITIONS {
            let condition = Condition {
                column: column.to_owned(),
                value: value.to_owned(),
                excludes,
                has_matched: has_value,
            };
            conditions.insert(text.to_owned(), condition);
        }
    }

    /// Describes the conditions whose value no row has, and forgets all.
    pub(in crate::script) fn take_notes(&self) -> Vec<String> {
        let conditions = self.0.take();
        let unmatched = conditions.into_iter().filter(|(_, each)| !each.has_matched);
        unmatched
            .map(|(text, each)| {
                let left_out = if each.excludes { "nobody" } else { "everybody" };
                format!(
                    "no row has `{}` in the column `{}`, so the condition `{text}` leaves out {left_out}",
                    each.value, each.column
                )
            })
            .collect()
    }
}
