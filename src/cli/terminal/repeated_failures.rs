//! Sums up rows that fail alike: the first of them are shown, and the others are counted.

use std::collections::BTreeMap;

use crate::text::plural;

/// How many rows that fail alike are shown.
const SHOWN_ROWS: u64 = 3;
/// How many different failures are kept apart.
const MAX_FAILURES: usize = 20;
const OTHER_FAILURES: &str = "other reasons";

/// The numbers of failed rows by failure.
#[derive(Debug, Default)]
pub(super) struct RepeatedFailures(BTreeMap<String, u64>);

impl RepeatedFailures {
    /// Counts a failed row. Returns true if it is one of the first that failed like this.
    pub(super) fn add(&mut self, email: &str, note: &str) -> bool {
        // Failures that differ only in the address are alike.
        let failure = if email.is_empty() {
            note.to_owned()
        } else {
            note.replace(email, "…")
        };
        let has_room = self.0.len() < MAX_FAILURES || self.0.contains_key(&failure);
        let failure = if has_room {
            failure
        } else {
            OTHER_FAILURES.to_owned()
        };
        let rows = self.0.entry(failure).or_default();
        *rows += 1;
        *rows <= SHOWN_ROWS
    }

    /// Returns a line for each failure with rows that were not shown.
    pub(super) fn summary(self) -> impl Iterator<Item = String> {
        self.0
            .into_iter()
            .filter(|(_, rows)| *rows > SHOWN_ROWS)
            .map(|(failure, rows)| {
                let more = rows - SHOWN_ROWS;
                format!("failed: {more} more {}: {failure}", plural(more, "row"))
            })
    }
}
