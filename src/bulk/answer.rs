//! What became of one invitation, and why sending ends early.

use jiff::tz::TimeZone;

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

/// Says so where an existing session keeps another deadline than was asked for: the API changes none, as far as its
/// documentation says.
#[must_use]
pub fn note_other_deadline(invited: &Invited, asked: Option<&DateTime>) -> Option<String> {
    let asked = asked?;
    invited.session.as_ref()?;
    let kept = invited.due_date().as_ref().and_then(Time::timestamp);
    if kept == Some(asked.timestamp()) {
        return None;
    }
    let zone: &TimeZone = asked.zoned().time_zone();
    let shown = kept.map_or_else(
        || "none".to_owned(),
        |kept| DateTime::of(kept, zone).to_string(),
    );
    Some(format!("the existing session keeps its deadline: {shown}"))
}
