//! The outcome of a run, row by row and in numbers, read from the ledger.

use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use super::problem::{GivenCandidate, Problem, Problems};
use super::sample::RowOrigin;
use crate::change_kind::ChangeKind;
use crate::ledger::{Error, Ledger, Row, RowIter, RowState, Run, RunId, SessionDeadline};
use crate::text::{count, plural};
use crate::time::DateTime;

/// The outcome of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    ledger: Rc<Ledger>,
    pub run: RunId,
    pub counts: Counts,
}

/// One row of an [`Outcome`].
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    pub origin: RowOrigin,
    pub email: String,
    pub name: String,
    /// The deadline in force.
    pub deadline: SessionDeadline,
    pub requested_due_date: Option<DateTime>,
    /// The candidate's name in the session, if it is known.
    pub session_name: Option<String>,
    pub state: RowState,
    /// `created`, `existing`, `failed`, `planned` (not sent), `sending` (perhaps sent), `skipped`, `duplicate` or `invalid`;
    /// `other_shard` for a single candidate of another shard.
    pub outcome: &'static str,
    pub invite_url: Option<String>,
    pub session_id: Option<String>,
    /// What the API answered, as JSON, if it is worth keeping.
    pub result: Option<String>,
    /// Why it was not sent or failed, or what the user should know.
    pub note: Option<String>,
}

/// How many rows have each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// The kind of change, if all rows are of one kind.
    #[serde(skip)]
    pub kind: Option<ChangeKind>,
    pub total: u64,
    /// Rows that were not sent, or have no recorded result.
    pub planned: u64,
    /// How many of these may have been sent.
    #[serde(skip)]
    pub perhaps_sent: u64,
    pub created: u64,
    pub existing: u64,
    pub skipped: u64,
    pub duplicates: u64,
    pub invalid: u64,
    pub failed: u64,
    /// Sessions for which what was asked for is in force.
    pub done: u64,
    /// Sessions that stay as they are.
    pub kept: u64,
    /// Sessions that may have been changed.
    pub unclear: u64,
    /// Scoring stopped before the last session, for another reason than an interrupt, and the script went on.
    #[serde(skip)]
    pub was_stopped: bool,
}

impl Outcome {
    pub fn of(ledger: &Rc<Ledger>, run: RunId) -> Result<Self, Error> {
        let counts = Counts::from(&ledger.run(run)?);
        Ok(Self {
            ledger: Rc::clone(ledger),
            run,
            counts,
        })
    }

    /// Reads the rows in one of `states` in their order, or all rows if `states` is empty.
    pub fn rows(
        &self,
        states: &[RowState],
    ) -> Result<impl Iterator<Item = Result<OutcomeRow, Error>> + use<>, Error> {
        let rows = RowIter::of(&self.ledger, self.run, states)?;
        Ok(rows.map(|row| row.map(OutcomeRow::from)))
    }

    pub fn problems(&self, state: RowState) -> Result<Problems, Error> {
        let mut problems = Problems::default();
        for row in self.rows(&[state])? {
            let row = row?;
            let candidate = GivenCandidate {
                email: Some(row.email),
                name: Some(row.name),
            };
            let note = row.note.unwrap_or_default();
            problems.add(row.origin, Problem::of_note(&note, candidate));
        }
        Ok(problems)
    }

    pub fn last(&self) -> Result<Option<OutcomeRow>, Error> {
        let last = RowIter::of(&self.ledger, self.run, &[])?.last_row()?;
        Ok(last.map(OutcomeRow::from))
    }
}

impl From<Row> for OutcomeRow {
    fn from(row: Row) -> Self {
        Self {
            origin: RowOrigin::of(&row),
            deadline: row.deadline(),
            email: row.email.unwrap_or_default(),
            name: row.name.unwrap_or_default(),
            requested_due_date: row.due_date,
            session_name: row.session_terms.and_then(|session| session.name),
            state: row.state,
            outcome: row.state.name(),
            result: row.result,
            invite_url: row.invite_url,
            session_id: row.session.or(row.subject),
            note: row.note,
        }
    }
}

impl From<&Run> for Counts {
    fn from(run: &Run) -> Self {
        let state_counts = &run.state_counts;
        Self {
            kind: Some(run.kind),
            total: state_counts.total(),
            planned: state_counts.of(RowState::Planned) + state_counts.of(RowState::Sending),
            perhaps_sent: state_counts.of(RowState::Sending),
            created: state_counts.of(RowState::Created),
            existing: state_counts.of(RowState::Existing),
            skipped: state_counts.of(RowState::Skipped),
            duplicates: state_counts.of(RowState::Duplicate),
            invalid: state_counts.of(RowState::Invalid),
            failed: state_counts.of(RowState::Failed),
            done: state_counts.of(RowState::Done),
            kept: state_counts.of(RowState::Kept),
            unclear: state_counts.of(RowState::Unclear),
            was_stopped: false,
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.planned += other.planned;
        self.perhaps_sent += other.perhaps_sent;
        self.created += other.created;
        self.existing += other.existing;
        self.skipped += other.skipped;
        self.duplicates += other.duplicates;
        self.invalid += other.invalid;
        self.failed += other.failed;
        self.done += other.done;
        self.kept += other.kept;
        self.unclear += other.unclear;
        self.was_stopped |= other.was_stopped;
    }
}

/// For example `12 rows: 10 created, 1 existing, 1 failed`, or `12 rows: 11 revoked, 1 kept, 0 failed`.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = count(self.total, "row");
        let failed = self.failed;
        match self.kind.unwrap_or_default() {
            ChangeKind::Invite => {
                let Self {
                    created, existing, ..
                } = self;
                write!(
                    f,
                    "{rows}: {created} created, {existing} existing, {failed} failed"
                )?;
            }
            kind => {
                let (done, verb) = (self.done, kind.done());
                write!(
                    f,
                    "{rows}: {done} {verb}, {} kept, {failed} failed",
                    self.kept
                )?;
            }
        }
        let unsent = format!("not {}", self.kind.unwrap_or_default().sent());
        for (count, label) in [
            (self.unclear, "unclear"),
            (self.planned, &*unsent),
            (self.skipped, "skipped"),
            (self.duplicates, &*plural(self.duplicates, "duplicate")),
            (self.invalid, "invalid"),
        ] {
            if count > 0 {
                write!(f, ", {count} {label}")?;
            }
        }
        Ok(())
    }
}

impl Counts {
    /// Returns how many rows were sent, and have a result.
    pub fn sent(&self) -> u64 {
        self.created + self.existing + self.done + self.kept + self.unclear + self.failed
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts.fmt(f)
    }
}

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
