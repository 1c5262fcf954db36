//! A plan as it is shown and agreed to: what will be sent, and what is worth saying about the rest.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Options, RowOrigin, Warnings};
use crate::ledger::{self, Ledger, Row, RowIter, RowState, RunId};
use crate::time::DateTime;

/// Rows that were sent.
const SENT: [RowState; 4] = [
    RowState::Sending,
    RowState::Created,
    RowState::Existing,
    RowState::Failed,
];
/// How many rows are shown one by one.
const SHOWN_ROWS: usize = 3;

/// What will be sent, and what is worth saying about the rest.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The run it is.
    pub run: RunId,
    /// When it was planned, where that was by an earlier process.
    pub planned_at: Option<Timestamp>,
    /// Whether some of its rows were sent before.
    pub is_partly_sent: bool,
    /// How many rows there are, whatever becomes of them.
    pub total: u64,
    /// The files that its rows come from.
    pub files: Vec<Arc<str>>,
    /// What is sent to each assessment.
    pub targets: Vec<PlannedTarget>,
    /// What is worth saying about the rows.
    pub warnings: Warnings,
    /// Only so many are sent now.
    pub first: Option<u64>,
    /// An earlier run of the same script with the same arguments that was not finished.
    pub unfinished_run: Option<UnfinishedRun>,
}

/// What is sent to one assessment.
#[derive(Clone, Debug)]
pub struct PlannedTarget {
    /// The assessment's name.
    pub label: String,
    /// How many candidates are to be invited.
    pub count: u64,
    /// How many of them have an active session, which they keep.
    pub existing: u64,
    /// The first ones.
    pub first: Vec<PlannedRow>,
    /// The last one, where it is none of the first.
    pub last: Option<PlannedRow>,
}

/// A row to send, as a person sees it.
#[derive(Clone, Debug)]
pub struct PlannedRow {
    /// Where it came from.
    pub origin: RowOrigin,
    /// The candidate's name.
    pub name: String,
    /// The candidate's address.
    pub email: String,
    /// The deadline.
    pub due_date: Option<DateTime>,
}

/// An earlier run that was not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfinishedRun {
    /// The run.
    pub run: RunId,
    /// How many of its rows have no recorded answer.
    pub left: u64,
}

/// Why a plan cannot be sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Some rows are invalid.
    Invalid {
        /// How many.
        rows: u64,
        /// Of how many.
        total: u64,
    },
    /// There are more invitations than the user allowed.
    TooMany {
        /// How many there are.
        invitations: u64,
        /// How many are allowed.
        allowed: u64,
    },
}

impl Plan {
    /// Reads what is to be sent of `run`: its rows in one of `states`, of which so many by target are `existing`.
    pub(super) fn read(
        ledger: &Rc<Ledger>,
        run: RunId,
        states: &[RowState],
        existing: &[u64],
        warnings: Warnings,
    ) -> Result<Self, ledger::Error> {
        let found = ledger.run(run)?;
        let mut targets = Vec::with_capacity(found.targets.len());
        for ((number, target), existing) in (0..).zip(found.targets).zip(existing) {
            let counted = states
                .iter()
                .map(|state| found.state_counts.of_target(number, *state));
            let count = counted.sum();
            if count == 0 {
                continue;
            }
            let rows = || RowIter::of(ledger, run, states).map(|rows| rows.of_target(number));
            let first = rows()?.take(SHOWN_ROWS).collect::<Result<Vec<Row>, _>>()?;
            let shown = first.last().map_or(0, |row| row.number);
            let last = rows()?.last_row()?.filter(|row| row.number > shown);
            targets.push(PlannedTarget {
                label: target.label,
                count,
                existing: *existing,
                first: first.into_iter().map(PlannedRow::from).collect(),
                last: last.map(PlannedRow::from),
            });
        }
        Ok(Self {
            run,
            planned_at: None,
            is_partly_sent: SENT.iter().any(|state| found.state_counts.of(*state) > 0),
            total: found.state_counts.total(),
            files: ledger.files(run)?,
            targets,
            warnings,
            first: None,
            unfinished_run: None,
        })
    }

    /// Returns how many candidates will be invited now.
    #[must_use]
    pub fn to_send(&self) -> u64 {
        let count = self.targets.iter().map(|target| target.count).sum::<u64>();
        count.min(self.first.unwrap_or(u64::MAX))
    }

    /// Returns why the plan cannot be sent under these options, where that is so.
    #[must_use]
    pub fn rejection(&self, options: &Options) -> Option<Rejection> {
        let invalid = self.warnings.problems.total;
        if invalid > 0 && !options.skip_invalid {
            return Some(Rejection::Invalid {
                rows: invalid,
                total: self.total,
            });
        }
        let allowed = options.max_invites?;
        (self.to_send() > allowed).then(|| Rejection::TooMany {
            invitations: self.to_send(),
            allowed,
        })
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { rows, total } => {
                let noun = if *total == 1 { "row" } else { "rows" };
                let verb = if *rows == 1 { "is" } else { "are" };
                write!(f, "{rows} of {total} {noun} {verb} invalid")
            }
            Self::TooMany {
                invitations,
                allowed,
            } => {
                let noun = match invitations {
                    1 => "invitation is",
                    _ => "invitations are",
                };
                write!(
                    f,
                    "{invitations} {noun} planned, and `--max-invites` allows {allowed}"
                )
            }
        }
    }
}

impl From<Row> for PlannedRow {
    fn from(row: Row) -> Self {
        Self {
            origin: RowOrigin {
                number: row.number,
                location: row.file.zip(row.line),
            },
            name: row.name.unwrap_or_default(),
            email: row.email.unwrap_or_default(),
            due_date: row.due_date.as_deref().and_then(DateTime::from_text),
        }
    }
}
