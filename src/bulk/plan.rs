//! A plan as the user sees and confirms it: the invitations to send, and warnings about the other rows.

use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;

use super::assessment_deadline::AssessmentDeadline;
use super::existing_sessions::ListingTime;
use super::options::{ChangeLimit, Options};
use super::sample::RowOrigin;
use super::session_differences::{RequestedTerms, SessionDifferences};
use super::warnings::Warnings;
use crate::change_kind::ChangeKind;
use crate::interpretation::Interpretation;
use crate::ledger::{self, Ledger, Row, RowIter, RowState, RunId};
use crate::people::{NameIssue, name_issue};
use crate::text::{count, is_or_are};
use crate::time::DateTime;

const SENT: [RowState; 6] = [
    RowState::Sending,
    RowState::Created,
    RowState::Existing,
    RowState::Failed,
    RowState::Done,
    RowState::Unclear,
];
/// Rows that are not sent, those that need attention first.
const LEFT_OUT: [RowState; 4] = [
    RowState::Invalid,
    RowState::Duplicate,
    RowState::Skipped,
    RowState::Kept,
];
/// How many rows are shown in full.
const SHOWN_ROWS: usize = 3;

#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) ledger: Rc<Ledger>,
    /// The states of the rows to send.
    pub(super) states: Vec<RowState>,
    /// The deadline of each assessment of the run.
    pub(super) deadlines: Vec<Option<AssessmentDeadline>>,
    pub run: RunId,
    pub kind: ChangeKind,
    /// When it was planned, if an earlier process did that.
    pub planned_at: Option<Timestamp>,
    pub is_partly_sent: bool,
    /// The number of all rows, in whatever state.
    pub total: u64,
    /// The files that the rows come from.
    pub files: Vec<Arc<str>>,
    pub targets: Vec<PlannedTarget>,
    pub warnings: Warnings,
    /// Send this many rows only.
    pub first: Option<u64>,
    pub unfinished_run: Option<UnfinishedRun>,
    /// When the existing sessions were listed. `None` if they were not.
    pub listed_at: Option<ListingTime>,
    /// The time that deadlines are compared with.
    pub(super) now: Timestamp,
    /// How sessions differ in the plan that was agreed to, by the numbers of the rows, if they have been listed again since then.
    pub(super) announced: Option<Arc<AnnouncedDifferences>>,
}

pub(super) type AnnouncedDifferences = HashMap<u32, SessionDifferences>;

/// The invitations to one assessment.
#[derive(Clone, Debug)]
pub struct PlannedTarget {
    pub label: String,
    /// How many candidates are to be invited.
    pub count: u64,
    /// How many of these have an active session, which they keep.
    pub existing: u64,
    pub first: Vec<PlannedRow>,
    /// The last row, unless it is in `first`.
    pub last: Option<PlannedRow>,
}

/// A row to send, as the plan shows it.
#[derive(Clone, Debug)]
pub struct PlannedRow {
    pub origin: RowOrigin,
    pub name: String,
    pub email: String,
    /// The session that the row is about, unless it is an invitation.
    pub session: Option<String>,
    pub due_date: Option<DateTime>,
    /// The deadline of the assessment, if the row has none of its own.
    pub inherited_deadline: Option<AssessmentDeadline>,
}

#[derive(Clone, Debug)]
pub enum PlanRow {
    LeftOut {
        origin: RowOrigin,
        email: Option<String>,
        outcome: &'static str,
        reason: String,
    },
    ToSend {
        row: Box<PlannedRow>,
        /// The label of the assessment.
        assessment: Option<Arc<str>>,
        /// Why the name is doubtful.
        name_issue: Option<NameIssue>,
        /// How the candidate's session differs from what the row asks for.
        differences: Box<SessionDifferences>,
        /// How values were read for the row.
        interpretations: Vec<Interpretation>,
    },
}

/// An earlier run of the same script with the same arguments that was not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfinishedRun {
    pub run: RunId,
    /// How many rows have no recorded result.
    pub unsent: u64,
}

/// Why a plan cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    Invalid {
        rows: u64,
        total: u64,
        /// How many invitations `--skip-invalid` would send; 0 if that is more than `--max-invites` allows.
        others: u64,
    },
    /// There are more changes than are allowed, together with those of earlier plans of the process.
    TooMany {
        changes: u64,
        /// What the limit counts: `invitation` or `change`.
        noun: &'static str,
        limit: ChangeLimit,
    },
}

impl Plan {
    /// Reads the plan of `run`: its rows in one of `states`. `existing` is the number of active sessions for each target,
    /// and `deadlines` are those of the assessments.
    pub(super) fn read(
        ledger: &Rc<Ledger>,
        run: RunId,
        states: &[RowState],
        existing: &[u64],
        deadlines: Vec<Option<AssessmentDeadline>>,
        warnings: Warnings,
        now: Timestamp,
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
                first: first
                    .into_iter()
                    .map(|row| PlannedRow::new(row, &deadlines))
                    .collect(),
                last: last.map(|row| PlannedRow::new(row, &deadlines)),
            });
        }
        Ok(Self {
            ledger: Rc::clone(ledger),
            states: states.to_vec(),
            deadlines,
            run,
            kind: found.kind,
            planned_at: None,
            is_partly_sent: SENT.iter().any(|state| found.state_counts.of(*state) > 0),
            total: found.state_counts.total(),
            files: ledger.files(run)?,
            targets,
            warnings,
            first: None,
            unfinished_run: None,
            listed_at: None,
            now,
            announced: None,
        })
    }

    /// Returns how many candidates will be invited now.
    pub fn to_send(&self) -> u64 {
        self.count().min(self.first.unwrap_or(u64::MAX))
    }

    /// Returns how many candidates are to be invited now or later.
    pub fn count(&self) -> u64 {
        self.targets.iter().map(|target| target.count).sum()
    }

    /// Returns how many candidates have an active session, which they keep.
    pub fn existing(&self) -> u64 {
        self.targets.iter().map(|target| target.existing).sum()
    }

    /// Reads all rows: first those that are left out, then those to send, beginning with those that need attention.
    pub fn rows(
        &self,
    ) -> Result<impl Iterator<Item = Result<PlanRow, ledger::Error>> + use<>, ledger::Error> {
        let read = |states: &[RowState]| RowIter::of(&self.ledger, self.run, states);
        let mut left_out = Vec::new();
        for state in LEFT_OUT {
            left_out.push(read(&[state])?.map(|row| row.map(PlanRow::left_out)));
        }
        let limit = usize::try_from(self.to_send()).unwrap_or(usize::MAX);
        let now = self.now;
        let to_send = |needs_attention: bool| {
            let rows = read(&self.states)?.take(limit);
            let deadlines = self.deadlines.clone();
            let rows = rows.map(move |row| row.map(|row| PlanRow::to_send(row, &deadlines, now)));
            Ok(rows.filter(move |row| {
                row.as_ref().is_ok_and(PlanRow::needs_attention) == needs_attention
            }))
        };
        let rows = left_out.into_iter().flatten();
        Ok(rows.chain(to_send(true)?).chain(to_send(false)?))
    }

    /// Reads how the sessions of the rows to send differ from what these ask for.
    pub(super) fn differences(&self) -> Result<AnnouncedDifferences, ledger::Error> {
        let mut by_row = HashMap::new();
        for row in RowIter::of(&self.ledger, self.run, &self.states)? {
            let row = row?;
            let differences = differences(&row, &self.deadlines, self.now);
            if !differences.is_empty() {
                by_row.insert(row.number, differences);
            }
        }
        Ok(by_row)
    }

    /// Returns why the plan cannot be sent with these options, if it cannot.
    pub fn rejection(&self, options: &Options) -> Option<Rejection> {
        let exceeded = self.exceeded_limit(options);
        let invalid = self.warnings.problems.total;
        if invalid > 0 && !options.skip_invalid {
            return Some(Rejection::Invalid {
                rows: invalid,
                total: self.total,
                others: if exceeded.is_none() {
                    self.to_send()
                } else {
                    0
                },
            });
        }
        exceeded
    }

    fn exceeded_limit(&self, options: &Options) -> Option<Rejection> {
        let invites = options.max_invites.as_ref();
        let invites = invites.filter(|_| self.kind == ChangeKind::Invite);
        let limits = [
            (invites, "invitation", options.changed.invites()),
            (
                options.max_changes.as_ref(),
                "change",
                options.changed.total(),
            ),
        ];
        limits.into_iter().find_map(|(limit, noun, earlier)| {
            let changes = earlier.saturating_add(self.to_send());
            let exceeded = limit.filter(|limit| self.to_send() > 0 && changes > limit.allowed);
            exceeded.map(|limit| Rejection::TooMany {
                changes,
                noun,
                limit: limit.clone(),
            })
        })
    }
}

/// Returns how the session of a row differs from what the row asks for.
fn differences(
    row: &Row,
    deadlines: &[Option<AssessmentDeadline>],
    now: Timestamp,
) -> SessionDifferences {
    let requested = RequestedTerms {
        name: row.name.as_deref().filter(|_| row.has_explicit_name),
        due_date: row.due_date.as_ref(),
    };
    let inherited = deadlines.get(row.target as usize).and_then(Option::as_ref);
    let session = row.session_terms.as_ref();
    let differences =
        session.map(|session| SessionDifferences::of(session, requested, inherited, now));
    differences.unwrap_or_default()
}

impl PlanRow {
    fn left_out(row: Row) -> Self {
        Self::LeftOut {
            origin: RowOrigin::of(&row),
            email: row.email,
            outcome: row.state.name(),
            reason: row.note.unwrap_or_default(),
        }
    }

    fn to_send(mut row: Row, deadlines: &[Option<AssessmentDeadline>], now: Timestamp) -> Self {
        let differences = differences(&row, deadlines, now);
        let assessment = row.assessment.clone();
        let interpretations = mem::take(&mut row.interpretations);
        let row = PlannedRow::new(row, deadlines);
        Self::ToSend {
            name_issue: match row.session {
                None => name_issue(&row.name, Some(&row.email)),
                Some(_) => None,
            },
            assessment,
            row: Box::new(row),
            differences: Box::new(differences),
            interpretations,
        }
    }

    fn needs_attention(&self) -> bool {
        match self {
            Self::LeftOut { .. } => true,
            Self::ToSend {
                name_issue,
                differences,
                interpretations,
                ..
            } => name_issue.is_some() || !differences.is_empty() || !interpretations.is_empty(),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { rows, total, .. } => {
                let (of, verb) = (count(*total, "row"), is_or_are(*rows));
                write!(f, "{rows} of {of} {verb} invalid")
            }
            Self::TooMany {
                changes,
                noun,
                limit,
            } => {
                let (planned, verb) = (count(*changes, noun), is_or_are(*changes));
                let ChangeLimit {
                    allowed, origin, ..
                } = limit;
                write!(f, "{planned} {verb} planned, but {origin} allows {allowed}")
            }
        }
    }
}

impl PlannedRow {
    fn new(row: Row, deadlines: &[Option<AssessmentDeadline>]) -> Self {
        let inherited = || deadlines.get(row.target as usize)?.clone();
        Self {
            inherited_deadline: match row.due_date {
                Some(_) => None,
                None => inherited(),
            },
            origin: RowOrigin::of(&row),
            session: row.subject,
            name: row.name.unwrap_or_default(),
            email: row.email.unwrap_or_default(),
            due_date: row.due_date,
        }
    }
}
