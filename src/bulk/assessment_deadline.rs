//! The deadline of an assessment, which holds for rows without one of their own.

use std::fmt;

use futures_util::future::try_join_all;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Error;
use super::problem::Problem;
use crate::api::{self, Client, Time};
use crate::ledger::Target;
use crate::time::DateTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssessmentDeadline {
    At(DateTime),
    /// In a format that is not documented.
    Text(String),
}

impl AssessmentDeadline {
    /// Returns the deadline that the API sent, in `zone`.
    pub fn of(time: &Time, zone: &TimeZone) -> Self {
        match time {
            Time::At(at) => Self::At(DateTime::of(*at, zone)),
            Time::Text(text) => Self::Text(text.clone()),
        }
    }

    /// Returns the time, if it can be read.
    pub fn time(&self) -> Option<&DateTime> {
        match self {
            Self::At(due) => Some(due),
            Self::Text(_) => None,
        }
    }

    /// Returns the problem of a row without a deadline of its own, if this one has passed.
    pub(super) fn problem(&self, label: &str, now: Timestamp) -> Option<Problem> {
        let due = self.time()?;
        (due.timestamp() <= now).then(|| {
            let reason =
                format!("its deadline has passed ({due}), and the row has none of its own");
            Problem::of_field("assessment", Some(label.to_owned()), reason)
        })
    }
}

impl fmt::Display for AssessmentDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(due) => due.fmt(f),
            Self::Text(text) => write!(f, "`{text}`"),
        }
    }
}

/// Looks up the deadlines of `targets`, in `zone`. An assessment that the API does not know has none; if it knows none of them, the key
/// may belong to another organization, and that is an error.
pub(super) async fn look_up_deadlines(
    client: &Client,
    targets: &[Target],
    zone: &TimeZone,
) -> Result<Vec<Option<AssessmentDeadline>>, Error> {
    let look_up = async |target: &Target| match client.assessment(&target.assessment).await {
        Ok(assessment) => {
            let due_date = assessment.due_date.as_ref();
            Ok(Ok(due_date.map(|time| AssessmentDeadline::of(time, zone))))
        }
        Err(error @ api::Error::UnknownAssessment { .. }) => Ok(Err(error)),
        Err(error) => Err(Error::Assessment(error)),
    };
    let found = try_join_all(targets.iter().map(look_up)).await?;
    let is_none_known = found.iter().all(Result::is_err);
    let deadlines = found.into_iter().map(|deadline| match deadline {
        Err(error) if is_none_known => Err(Error::Assessment(error)),
        deadline => Ok(deadline.ok().flatten()),
    });
    deadlines.collect()
}
