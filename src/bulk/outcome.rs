//! What became of a bulk invite, row by row and in numbers, read from the ledger.

use std::fmt;
use std::rc::Rc;

use super::RowOrigin;
use crate::ledger::{Error, Ledger, Row, RowIter, RowState, RunId, StateCounts};
use crate::time::DateTime;

/// What became of all rows of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    ledger: Rc<Ledger>,
    run: RunId,
    counts: Counts,
}

/// One row of an [`Outcome`], as flat as a table shows it.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// Where the row came from.
    pub origin: RowOrigin,
    /// The candidate's address, where the row had one.
    pub email: String,
    /// The name that was sent.
    pub name: String,
    /// The deadline that was asked for.
    pub due_date: Option<DateTime>,
    /// `created`, `existing`, `failed`, `planned` (not sent), `sending` (perhaps sent), `skipped`, `duplicate` or `invalid`.
    pub outcome: &'static str,
    /// The candidate's link.
    pub invite_url: Option<String>,
    /// The id of the session.
    pub session_id: Option<String>,
    /// Why it failed, was left out or is a duplicate, or what the user should know.
    pub note: Option<String>,
}

/// How many rows had which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// All rows.
    pub total: u64,
    /// Rows that were ready and not sent, or have no recorded answer.
    pub planned: u64,
    /// Rows for which a session was created.
    pub created: u64,
    /// Rows whose candidate had an active session.
    pub existing: u64,
    /// Rows that were left out on purpose.
    pub skipped: u64,
    /// Rows whose address stands in an earlier row.
    pub duplicates: u64,
    /// Rows that could not be sent.
    pub invalid: u64,
    /// Rows whose sending failed.
    pub failed: u64,
}

impl Outcome {
    /// Returns what has become of `run`.
    ///
    /// # Errors
    /// There is no such run, or the ledger cannot be read.
    pub fn of(ledger: &Rc<Ledger>, run: RunId) -> Result<Self, Error> {
        let counts = Counts::from(&ledger.run(run)?.state_counts);
        Ok(Self {
            ledger: Rc::clone(ledger),
            run,
            counts,
        })
    }

    /// Returns the run's number.
    #[must_use]
    pub fn run(&self) -> RunId {
        self.run
    }

    /// Returns how many rows had which end.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Reads the rows in one of `states`, in file order; all, where none is named.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn rows(
        &self,
        states: &[RowState],
    ) -> Result<impl Iterator<Item = Result<OutcomeRow, Error>> + use<>, Error> {
        let rows = RowIter::of(&self.ledger, self.run, states)?;
        Ok(rows.map(|row| row.map(OutcomeRow::from)))
    }

    /// Returns the last row.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last(&self) -> Result<Option<OutcomeRow>, Error> {
        let last = RowIter::of(&self.ledger, self.run, &[])?.last_row()?;
        Ok(last.map(OutcomeRow::from))
    }
}

impl From<Row> for OutcomeRow {
    fn from(row: Row) -> Self {
        Self {
            origin: RowOrigin {
                number: row.number,
                location: row.file.zip(row.line),
            },
            email: row.email.unwrap_or_default(),
            name: row.name.unwrap_or_default(),
            due_date: row.due_date.as_deref().and_then(DateTime::from_text),
            outcome: row.state.name(),
            invite_url: row.invite_url,
            session_id: row.session,
            note: row.note,
        }
    }
}

impl From<&StateCounts> for Counts {
    fn from(state_counts: &StateCounts) -> Self {
        Self {
            total: state_counts.total(),
            planned: state_counts.of(RowState::Planned) + state_counts.of(RowState::Sending),
            created: state_counts.of(RowState::Created),
            existing: state_counts.of(RowState::Existing),
            skipped: state_counts.of(RowState::Skipped),
            duplicates: state_counts.of(RowState::Duplicate),
            invalid: state_counts.of(RowState::Invalid),
            failed: state_counts.of(RowState::Failed),
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.planned += other.planned;
        self.created += other.created;
        self.existing += other.existing;
        self.skipped += other.skipped;
        self.duplicates += other.duplicates;
        self.invalid += other.invalid;
        self.failed += other.failed;
    }
}

/// Shows the numbers in one line: `12 rows: 10 created, 1 existing, 1 failed`.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = if self.total == 1 { "row" } else { "rows" };
        write!(f, "{} {rows}: {} created", self.total, self.created)?;
        write!(f, ", {} existing, {} failed", self.existing, self.failed)?;
        for (count, what) in [
            (self.planned, "not sent"),
            (self.skipped, "skipped"),
            (
                self.duplicates,
                if self.duplicates == 1 {
                    "duplicate"
                } else {
                    "duplicates"
                },
            ),
            (self.invalid, "invalid"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts.fmt(f)
    }
}
