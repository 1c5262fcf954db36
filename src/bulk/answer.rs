//! What became of one invitation, and why sending ends early.

use super::Problem;
use crate::api::{Error, Invited, Time};
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
    /// It was not sent after all, such as for a deadline that passed meanwhile.
    Unsent(Problem),
}

/// Why sending ended before the last row.
#[derive(Debug)]
pub enum Stop {
    /// The user interrupted it.
    Interrupted,
    /// The API refuses the key or its rights.
    Refused(Error),
    /// The API knows no such assessment; rows of others were sent.
    NoAssessment {
        /// The assessment.
        label: String,
        /// What it said.
        error: Error,
    },
    /// So many rows in succession failed because the service cannot be reached or is broken.
    Outage {
        /// How many.
        rows: u32,
        /// What the last of them met.
        last: String,
    },
}

impl Answer {
    /// Returns `created`, `existing` or `failed`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::Existing(_) => "existing",
            Self::Failed(_) | Self::Unsent(_) => "failed",
        }
    }
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

/// The deadline of an existing session, where it is another one than was asked for: the API changes none, as far as its
/// documentation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherDeadline {
    /// The one that holds, in the zone that the other was asked for in.
    pub kept: Option<DateTime>,
    /// What to tell about it.
    pub note: String,
}

impl OtherDeadline {
    /// Compares the deadline of the session with the one that was `asked` for.
    #[must_use]
    pub fn of(invited: &Invited, asked: Option<&DateTime>) -> Option<Self> {
        let asked = asked?;
        invited.session.as_ref()?;
        let kept = invited.due_date().as_ref().and_then(Time::timestamp);
        if kept == Some(asked.timestamp()) {
            return None;
        }
        let kept = kept.map(|kept| DateTime::of(kept, asked.zoned().time_zone()));
        let shown = kept
            .as_ref()
            .map_or_else(|| "none".to_owned(), ToString::to_string);
        let note = format!("the existing session keeps its deadline: {shown}, not {asked}");
        Some(Self { kept, note })
    }
}
