//! What became of a bulk invite, row by row and in numbers.

use std::fmt;

use super::{Invitation, Origin, Plan, Problem, Sending, Stop, Verdict};
use crate::api::{Error, Invited, Session, Time};
use crate::moment::DateTime;

/// What became of one invitation that was sent.
#[derive(Debug)]
pub enum Answer {
    /// A session was created.
    Created(Invited),
    /// The candidate had an active session already.
    Existing(Invited),
    /// It failed.
    Failed(Error),
}

impl From<Result<Invited, Error>> for Answer {
    fn from(result: Result<Invited, Error>) -> Self {
        match result {
            Ok(invited) if invited.created => Self::Created(invited),
            Ok(invited) => Self::Existing(invited),
            Err(error) => Self::Failed(error),
        }
    }
}

/// One row of an [`Outcome`], as flat as a table shows it.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// Where the row came from.
    pub origin: Origin,
    /// The candidate's address, where the row had one.
    pub email: String,
    /// The name that was sent.
    pub name: String,
    /// The deadline that was asked for.
    pub due_date: Option<DateTime>,
    /// `created`, `existing`, `failed`, `planned` (not sent), `skipped`, `duplicate` or `invalid`.
    pub outcome: &'static str,
    /// The candidate's link.
    pub invite_url: Option<String>,
    /// The session, where the API sent it.
    pub session: Option<Session>,
    /// Why it failed, was left out or is a duplicate, or what the user should know.
    pub note: Option<String>,
}

/// What became of all rows of a bulk invite.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    rows: Vec<OutcomeRow>,
    counts: Counts,
}

/// How many rows had which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// All rows.
    pub total: usize,
    /// Rows that were ready and not sent.
    pub planned: usize,
    /// Rows for which a session was created.
    pub created: usize,
    /// Rows whose candidate had an active session.
    pub existing: usize,
    /// Rows the script left out.
    pub skipped: usize,
    /// Rows whose address stands in an earlier row.
    pub duplicates: usize,
    /// Rows that could not be sent.
    pub invalid: usize,
    /// Rows whose sending failed.
    pub failed: usize,
}

impl Outcome {
    /// Joins a plan and what came of sending it; also returns why sending ended early, if it did.
    #[must_use]
    pub fn new(plan: &Plan, sending: Sending) -> (Option<Stop>, Self) {
        let mut answers = sending.answers.into_iter();
        let rows: Vec<OutcomeRow> = plan
            .rows
            .iter()
            .map(|row| match &row.verdict {
                Verdict::Send(invitation) => {
                    OutcomeRow::sent(row.origin.clone(), invitation, answers.next().flatten())
                }
                Verdict::Skip(reason) => OutcomeRow {
                    note: Some(reason.clone()),
                    ..OutcomeRow::unsent(row.origin.clone(), "skipped")
                },
                Verdict::Duplicate { email, of } => OutcomeRow {
                    email: email.clone(),
                    note: Some(format!("same address as {of}")),
                    ..OutcomeRow::unsent(row.origin.clone(), "duplicate")
                },
                Verdict::Invalid(problem) => OutcomeRow {
                    email: problem.offending_email(),
                    note: Some(problem.to_string()),
                    ..OutcomeRow::unsent(row.origin.clone(), "invalid")
                },
            })
            .collect();
        let counts = Counts::of(&rows);
        (sending.stop, Self { rows, counts })
    }

    /// Returns the rows, in file order.
    #[must_use]
    pub fn rows(&self) -> &[OutcomeRow] {
        &self.rows
    }

    /// Returns how many rows had which end.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }
}

impl OutcomeRow {
    /// Describes what came of an invitation that was sent by itself.
    #[must_use]
    pub fn of_one(invitation: &Invitation, answer: Answer) -> Self {
        let origin = Origin {
            number: 1,
            place: None,
        };
        Self::sent(origin, invitation, Some(answer))
    }

    fn sent(origin: Origin, invitation: &Invitation, answer: Option<Answer>) -> Self {
        Self {
            email: invitation.email.clone(),
            name: invitation.name.clone(),
            due_date: invitation.due_date.clone(),
            ..Self::answered(origin, answer)
        }
        .note_other_deadline()
    }

    fn unsent(origin: Origin, outcome: &'static str) -> Self {
        Self {
            origin,
            email: String::new(),
            name: String::new(),
            due_date: None,
            outcome,
            invite_url: None,
            session: None,
            note: None,
        }
    }

    fn answered(origin: Origin, answer: Option<Answer>) -> Self {
        let (outcome, invited) = match answer {
            Some(Answer::Created(invited)) => ("created", invited),
            Some(Answer::Existing(invited)) => ("existing", invited),
            Some(Answer::Failed(error)) => {
                return Self {
                    note: Some(error.to_string()),
                    ..Self::unsent(origin, "failed")
                };
            }
            None => return Self::unsent(origin, "planned"),
        };
        Self {
            invite_url: Some(invited.invite_url),
            session: invited.session,
            ..Self::unsent(origin, outcome)
        }
    }

    /// An existing session keeps its deadline, as far as the documentation says: the user must know.
    fn note_other_deadline(mut self) -> Self {
        let session = self.session.as_ref().filter(|_| self.outcome == "existing");
        if let (Some(session), Some(asked)) = (session, &self.due_date) {
            let kept = session.due_date.as_ref().and_then(Time::timestamp);
            if kept != Some(asked.timestamp()) {
                let zone = asked.zoned().time_zone();
                let shown = kept.map_or_else(
                    || "none".to_owned(),
                    |kept| DateTime::new(kept.to_zoned_datetime(zone.clone())).to_string(),
                );
                self.note = Some(format!("the existing session keeps its deadline: {shown}"));
            }
        }
        self
    }
}

impl Problem {
    fn offending_email(&self) -> String {
        match (self.field, &self.value) {
            ("email", Some(value)) => value.clone(),
            _ => String::new(),
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

impl Counts {
    fn of(rows: &[OutcomeRow]) -> Self {
        let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
        Self {
            total: rows.len(),
            planned: count("planned"),
            created: count("created"),
            existing: count("existing"),
            skipped: count("skipped"),
            duplicates: count("duplicate"),
            invalid: count("invalid"),
            failed: count("failed"),
        }
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
            (self.duplicates, "duplicates"),
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
