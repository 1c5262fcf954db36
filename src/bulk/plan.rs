//! The plan: every row judged before the first one is sent.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Invitation, Problem, Request};

/// Where a row came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its place among the rows given, from 1.
    pub number: usize,
    /// Its file and line, where it was read from one.
    pub place: Option<(Arc<Path>, u64)>,
}

/// What a script made of a row.
#[derive(Clone, Debug)]
pub enum Draft {
    /// Invite this candidate.
    Invite(Request),
    /// Leave the row out, for this reason.
    Skip(String),
    /// The row is wrong.
    Invalid(Problem),
}

/// What is to become of a row.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It is sent.
    Send(Invitation),
    /// The script left it out, for this reason.
    Skip(String),
    /// Its address stands in an earlier row.
    Duplicate {
        /// The repeated address.
        email: String,
        /// The row that is kept.
        of: Origin,
    },
    /// It cannot be sent.
    Invalid(Problem),
}

/// A judged row.
#[derive(Clone, Debug)]
pub struct PlannedRow {
    /// Where it came from.
    pub origin: Origin,
    /// What is to become of it.
    pub verdict: Verdict,
}

/// All rows of a bulk invite, in file order, judged.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The rows.
    pub rows: Vec<PlannedRow>,
}

/// Builds a [`Plan`] row by row, as of one instant.
#[derive(Debug)]
pub struct Planner {
    now: Timestamp,
    plan: Plan,
    /// Index of the row that holds each address, by assessment and lower-cased address.
    addressed: HashMap<(String, String), usize>,
}

impl Planner {
    /// Starts a plan in which deadlines are judged as of `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            plan: Plan::default(),
            addressed: HashMap::new(),
        }
    }

    /// Judges the next row.
    pub fn add(&mut self, place: Option<(PathBuf, u64)>, draft: Draft) {
        let origin = Origin {
            number: self.plan.rows.len() + 1,
            place: place.map(|(path, line)| (Arc::from(path), line)),
        };
        let verdict = match draft {
            Draft::Skip(reason) => Verdict::Skip(reason),
            Draft::Invalid(problem) => Verdict::Invalid(problem),
            Draft::Invite(request) => match Invitation::check(request, self.now) {
                Ok(invitation) => self.first_or_duplicate(invitation),
                Err(problem) => Verdict::Invalid(problem),
            },
        };
        self.plan.rows.push(PlannedRow { origin, verdict });
    }

    /// Ends the plan.
    #[must_use]
    pub fn finish(self) -> Plan {
        self.plan
    }

    fn first_or_duplicate(&mut self, invitation: Invitation) -> Verdict {
        let key = (
            invitation.target.id.clone(),
            invitation.email.to_lowercase(),
        );
        let next = self.plan.rows.len();
        let first = *self.addressed.entry(key).or_insert(next);
        match self.plan.rows.get(first) {
            Some(kept) => Verdict::Duplicate {
                email: invitation.email,
                of: kept.origin.clone(),
            },
            None => Verdict::Send(invitation),
        }
    }
}

impl Plan {
    /// Iterates over the rows that are to be sent.
    pub fn invitations(&self) -> impl Iterator<Item = (&Origin, &Invitation)> {
        self.rows.iter().filter_map(|row| match &row.verdict {
            Verdict::Send(invitation) => Some((&row.origin, invitation)),
            _ => None,
        })
    }

    /// Iterates over the rows that cannot be sent.
    pub fn problems(&self) -> impl Iterator<Item = (&Origin, &Problem)> {
        self.rows.iter().filter_map(|row| match &row.verdict {
            Verdict::Invalid(problem) => Some((&row.origin, problem)),
            _ => None,
        })
    }
}

/// Shows file and line, or the row's number where it came from no file.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some((path, line)) => write!(f, "{} line {line}", path.display()),
            None => write!(f, "row {}", self.number),
        }
    }
}
