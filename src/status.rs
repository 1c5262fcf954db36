//! The documented statuses of a session, in the order in which candidates pass through them.
//!
//! The API may send others, so a status stays text until somebody asks what it means. The sandbox has a list of its own: it
//! stands in for the API, and shares nothing with those who ask it.

/// A documented status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// There is a session.
    Invited,
    /// The candidate has begun to set up.
    Setup,
    /// The candidate has begun the task.
    InProgress,
    /// The candidate has finished.
    Submitted,
    /// The judge is at it.
    Scoring,
    /// There is a score.
    Scored,
    /// Somebody has looked at it.
    Reviewed,
}

impl Status {
    /// Every status, in order.
    pub const ALL: [Self; 7] = [
        Self::Invited,
        Self::Setup,
        Self::InProgress,
        Self::Submitted,
        Self::Scoring,
        Self::Scored,
        Self::Reviewed,
    ];

    /// Returns the status that the API calls `name`; `None` for one that is not documented.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Returns what the API calls it.
    #[must_use]
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

    /// Tells whether the candidate has finished.
    #[must_use]
    pub fn is_finished(self) -> bool {
        self >= Self::Submitted
    }
}
