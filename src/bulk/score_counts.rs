//! How many sessions were scored, in the words of the summary.

use serde::Serialize;

use super::outcome::Counts;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScoreCounts {
    pub scored: u64,
    pub skipped: u64,
    pub failed: u64,
}

impl From<Counts> for ScoreCounts {
    fn from(counts: Counts) -> Self {
        Self {
            scored: counts.done,
            skipped: counts.kept + counts.skipped + counts.duplicates,
            failed: counts.failed + counts.unclear,
        }
    }
}
