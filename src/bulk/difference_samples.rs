//! Rows whose sessions differ from what they ask for, by kind of difference.

use super::sample::{RowOrigin, Sample};
use super::session_differences::{OtherDeadline, OtherName, SessionDifferences};
use crate::time::DateTime;

/// All rows are counted, and the first of each kind are kept.
#[derive(Clone, Debug, Default)]
pub struct DifferenceSamples {
    /// Candidates with a session that has another deadline than the requested one.
    pub deadlines: Sample<OtherDeadline>,
    /// Candidates who have another name than the requested one.
    pub names: Sample<OtherName>,
    /// Candidates with a session whose deadline has passed.
    pub expired: Sample<DateTime>,
}

/// How the sessions of candidates who were invited differ from what their rows ask for.
#[derive(Debug, Default)]
pub struct ResultDifferences {
    /// Sessions that existed before.
    pub existing: DifferenceSamples,
    /// Those of them whose difference was not in the plan.
    pub unannounced: DifferenceSamples,
    /// Sessions that were created.
    pub created: DifferenceSamples,
}

impl DifferenceSamples {
    /// Adds the differences of a session. Rows may come in any order.
    pub(super) fn add(&mut self, differences: SessionDifferences, origin: &RowOrigin) {
        let SessionDifferences {
            deadline,
            name,
            expired,
        } = differences;
        if let Some(deadline) = deadline {
            self.deadlines.add_unordered(origin.clone(), deadline);
        }
        if let Some(name) = name {
            self.names.add_unordered(origin.clone(), name);
        }
        if let Some(expired) = expired {
            self.expired.add_unordered(origin.clone(), expired);
        }
    }

    /// Returns the differences of the only row of a plan.
    pub fn of_only_row(&self) -> SessionDifferences {
        fn first<T: Clone>(sample: &Sample<T>) -> Option<T> {
            sample.first.first().map(|(_, detail)| detail.clone())
        }
        SessionDifferences {
            deadline: first(&self.deadlines),
            name: first(&self.names),
            expired: first(&self.expired),
        }
    }
}
