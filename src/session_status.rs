//! The documented statuses of a session, in the order in which a session passes through them.
//!
//! The API may send others, so a status remains text until its meaning is needed.

use serde::Serialize;

/// A documented status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    Invited,
    Setup,
    InProgress,
    Submitted,
    Scoring,
    Scored,
    Reviewed,
}

impl SessionStatus {
    /// All statuses, in order.
    pub const ALL: [Self; 7] = [
        Self::Invited,
        Self::Setup,
        Self::InProgress,
        Self::Submitted,
        Self::Scoring,
        Self::Scored,
        Self::Reviewed,
    ];

    /// Returns the status called `name`; `None` if it is not documented.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Returns the name that the API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Setup => "setup",
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::Scoring => "scoring",
            Self::Scored => "scored",
            Self::Reviewed => "reviewed",
        }
    }

    /// Returns whether the candidate has finished.
    pub fn is_finished(self) -> bool {
        self >= Self::Submitted
    }
}
