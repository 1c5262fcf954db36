//! Rows whose sessions differ from what they ask for, by kind of difference.

use serde::Serialize;

use super::sample::{RowOrigin, Sample};
use super::session_differences::{OtherDeadline, OtherName, SessionDifferences};
use crate::ledger::RunId;
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

/// The sessions of a run that differ in one respect from what their rows ask for, as `--json` prints them.
#[derive(Clone, Debug, Serialize)]
pub struct DifferenceGroup {
    run: RunId,
    /// `existing` or `created`.
    session: &'static str,
    /// `deadline`, `name`, or `expired`: the deadline in force has passed.
    difference: &'static str,
    total: u64,
    /// How many of them were not in the plan.
    not_in_plan: u64,
    first: Vec<DifferentRow>,
}

#[derive(Clone, Debug, Serialize)]
struct DifferentRow {
    row: u32,
    file: Option<String>,
    line: Option<u64>,
    /// The name or the deadline of the session; `None` if it has no deadline of its own.
    in_force: Option<String>,
    /// `None` for a deadline that has passed.
    requested: Option<String>,
}

impl ResultDifferences {
    /// Returns the differences by session and kind.
    pub fn groups(&self, run: RunId) -> Vec<DifferenceGroup> {
        let mut groups = Vec::new();
        for (session, samples, not_in_plan) in [
            ("existing", &self.existing, &self.unannounced),
            ("created", &self.created, &self.created),
        ] {
            let rows = samples.rows().into_iter().zip(samples.totals());
            for ((rows, (difference, total)), (_, not_in_plan)) in rows.zip(not_in_plan.totals()) {
                groups.push(DifferenceGroup {
                    run,
                    session,
                    difference,
                    total,
                    not_in_plan,
                    first: rows,
                });
            }
        }
        groups.retain(|group| group.total > 0);
        groups
    }
}

impl DifferenceSamples {
    fn totals(&self) -> [(&'static str, u64); 3] {
        [
            ("deadline", self.deadlines.total),
            ("name", self.names.total),
            ("expired", self.expired.total),
        ]
    }

    fn rows(&self) -> [Vec<DifferentRow>; 3] {
        let deadlines = different_rows(&self.deadlines, |OtherDeadline { kept, requested }| {
            let in_force = kept.to_text(DateTime::to_rfc3339);
            (in_force, Some(requested.to_rfc3339()))
        });
        let names = different_rows(&self.names, |OtherName { kept, requested }| {
            (Some(kept.clone()), Some(requested.clone()))
        });
        let expired = different_rows(&self.expired, |at| (Some(at.to_rfc3339()), None));
        [deadlines, names, expired]
    }
}

/// Returns the rows of a sample; `terms` returns what is in force and what was requested.
fn different_rows<T>(
    sample: &Sample<T>,
    terms: impl Fn(&T) -> (Option<String>, Option<String>),
) -> Vec<DifferentRow> {
    let rows = sample.first.iter().map(|(origin, detail)| {
        let (in_force, requested) = terms(detail);
        let location = origin.location.as_ref();
        DifferentRow {
            row: origin.number,
            file: location.map(|(file, _)| file.to_string()),
            line: location.map(|(_, line)| *line),
            in_force,
            requested,
        }
    });
    rows.collect()
}
