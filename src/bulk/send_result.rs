//! What became of one invitation, and why sending ends early.

use super::Problem;
use crate::api::{Error, InviteResponse, Time};
use crate::time::DateTime;

/// What became of one invitation that was sent.
#[derive(Debug)]
pub enum SendResult {
    /// A session was created.
    Created(InviteResponse),
    /// The candidate had an active session already.
    Existing(InviteResponse),
    /// It failed.
    Failed(Error),
    /// It was not sent after all, such as for a deadline that passed meanwhile.
    Unsent(Problem),
}

/// Why sending ended before the last row.
#[derive(Debug)]
pub enum StopReason {
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

impl SendResult {
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

impl From<Result<InviteResponse, Error>> for SendResult {
    fn from(result: Result<InviteResponse, Error>) -> Self {
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
pub struct DeadlineMismatch {
    /// The one that holds, in the zone that the other was asked for in.
    pub session_deadline: Option<DateTime>,
    /// What to tell about it.
    pub note: String,
}

impl DeadlineMismatch {
    /// Compares the deadline of the session with the one that was `requested` for.
    #[must_use]
    pub fn of(invited: &InviteResponse, requested: Option<&DateTime>) -> Option<Self> {
        let requested = requested?;
        invited.session.as_ref()?;
        let session_deadline = invited.due_date().as_ref().and_then(Time::timestamp);
        if session_deadline == Some(requested.timestamp()) {
            return None;
        }
        let session_deadline = session_deadline
            .map(|session_deadline| DateTime::of(session_deadline, requested.zoned().time_zone()));
        let shown = session_deadline
            .as_ref()
            .map_or_else(|| "none".to_owned(), ToString::to_string);
        let note = format!("the existing session keeps its deadline: {shown}, not {requested}");
        Some(Self {
            session_deadline,
            note,
        })
    }
}
