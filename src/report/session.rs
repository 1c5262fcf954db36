//! The data of a report of sessions: progress, time taken, deadline and score of each.

use jiff::Timestamp;

use crate::session_status::SessionStatus;
use crate::time::DateTime;

/// A deadline is near if it is fewer seconds ahead than this.
const DUE_SOON: i64 = 48 * 60 * 60;

/// The sessions of an assessment; its `Display` is a page of HTML.
#[derive(Clone, Debug)]
pub struct SessionsReport {
    /// `None` if the sessions are those of several assessments.
    pub assessment: Option<String>,
    /// The server, for display.
    pub place: String,
    /// When the report was created, in the zone that its times are shown in.
    pub made_at: DateTime,
    /// The reference time for overdue and near deadlines.
    pub now: Timestamp,
    pub sessions: Vec<Session>,
}

/// One candidate's attempt.
#[derive(Clone, Debug, Default)]
pub struct Session {
    pub name: String,
    pub email: String,
    pub assessment: Option<String>,
    /// The status as the API sends it.
    pub status: String,
    pub invited_at: Option<Timestamp>,
    pub setup_at: Option<Timestamp>,
    /// When the candidate started the task.
    pub started_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
    /// The deadline, in the zone that it was set in.
    pub due_at: Option<DateTime>,
    pub score: Option<Score>,
}

/// The points of a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    pub total: f64,
    pub percentile: Option<f64>,
    pub categories: Vec<Category>,
}

/// The points in one category.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Category {
    /// The name as the API sends it: `deliverable_quality`.
    pub name: String,
    pub score: f64,
    /// The maximum, if it is known.
    pub most: Option<f64>,
}

impl Session {
    /// Returns the stage that the candidate reached, by the status, or by the times if the status is undocumented.
    pub(super) fn reached(&self) -> SessionStatus {
        SessionStatus::of(&self.status).unwrap_or({
            if self.submitted_at.is_some() {
                SessionStatus::Submitted
            } else if self.started_at.is_some() {
                SessionStatus::InProgress
            } else if self.setup_at.is_some() {
                SessionStatus::Setup
            } else {
                SessionStatus::Invited
            }
        })
    }

    pub(super) fn display_name(&self) -> &str {
        if self.name.is_empty() {
            &self.email
        } else {
            &self.name
        }
    }

    /// Returns how long the candidate took, in seconds.
    pub(super) fn taken(&self) -> Option<i64> {
        let seconds = self.submitted_at?.as_second() - self.started_at?.as_second();
        (seconds >= 0).then_some(seconds)
    }

    /// Returns the deadline if the candidate has not submitted.
    pub(super) fn open_until(&self) -> Option<&DateTime> {
        self.due_at
            .as_ref()
            .filter(|_| self.reached() < SessionStatus::Submitted)
    }

    /// Returns the tag and the text for a deadline that is overdue, near, or was met late.
    pub(super) fn deadline_status(&self, now: Timestamp) -> Option<(&'static str, &'static str)> {
        let Some(due_at) = self.open_until() else {
            let late = self.submitted_at? > self.due_at.as_ref()?.timestamp();
            return late.then_some(("late", "submitted late"));
        };
        match due_at.timestamp().as_second() - now.as_second() {
            ..0 => Some(("overdue", "overdue")),
            0..DUE_SOON => Some(("near", "due soon")),
            _ => None,
        }
    }
}

/// Returns `clock`, or the latest event of `sessions` if that is later: this machine's clock may be slow, and time in the sandbox
/// can pass faster.
pub fn latest_time(sessions: &[Session], clock: Timestamp) -> Timestamp {
    let times = sessions.iter().flat_map(|each| {
        [
            each.invited_at,
            each.setup_at,
            each.started_at,
            each.submitted_at,
        ]
    });
    times.flatten().fold(clock, Ord::max)
}
