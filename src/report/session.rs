//! One session in a report: how far it got, how long it took, how it stands to its deadline.

use jiff::Timestamp;

use crate::session_status::SessionStatus;

/// Seconds before a deadline from which it is near.
const DUE_SOON: i64 = 48 * 60 * 60;

/// One candidate's attempt.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The candidate's name.
    pub name: String,
    /// The candidate's address.
    pub email: String,
    /// The assessment's name.
    pub assessment: Option<String>,
    /// The status as the API writes it.
    pub status: String,
    /// When the candidate was invited.
    pub invited_at: Option<Timestamp>,
    /// When the candidate began to set up.
    pub setup_at: Option<Timestamp>,
    /// When the candidate began the task.
    pub started_at: Option<Timestamp>,
    /// When the candidate submitted.
    pub submitted_at: Option<Timestamp>,
    /// The deadline.
    pub due_at: Option<Timestamp>,
    /// The candidate's link.
    pub link: Option<String>,
    /// What the session was worth.
    pub score: Option<Score>,
}

/// What a session was worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// The points that count.
    pub total: f64,
    /// How many of a hundred did worse.
    pub percentile: Option<f64>,
    /// The points in each category.
    pub categories: Vec<Category>,
}

/// The points in one category.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Category {
    /// Its name, as the API writes it: `deliverable_quality`.
    pub name: String,
    /// What was reached.
    pub score: f64,
    /// What can be reached, where that is known.
    pub most: Option<f64>,
}

impl Session {
    /// How far the candidate got, as the status says; where that is not documented, as the times say.
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

    /// How long the candidate took, in seconds.
    pub(super) fn taken(&self) -> Option<i64> {
        let seconds = self.submitted_at?.as_second() - self.started_at?.as_second();
        (seconds >= 0).then_some(seconds)
    }

    /// The deadline, where the candidate has yet to meet it.
    pub(super) fn open_until(&self) -> Option<Timestamp> {
        self.due_at
            .filter(|_| self.reached() < SessionStatus::Submitted)
    }

    /// What there is to say about the deadline, and the tag of the filter for it.
    pub(super) fn deadline_status(&self, now: Timestamp) -> Option<(&'static str, &'static str)> {
        let Some(due_at) = self.open_until() else {
            let late = self.submitted_at? > self.due_at?;
            return late.then_some(("late", "submitted late"));
        };
        match due_at.as_second() - now.as_second() {
            ..0 => Some(("overdue", "overdue")),
            0..DUE_SOON => Some(("near", "due soon")),
            _ => None,
        }
    }
}

/// Returns the time by which sessions are judged where nobody says another: `clock`, or the latest thing that happened in one,
/// where that is later: this machine's clock may be slow, and the sandbox lets time pass faster.
#[must_use]
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
