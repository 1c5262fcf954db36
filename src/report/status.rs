//! The statuses of a session, in the order candidates pass through them.

/// How far a session got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Invited,
    Setup,
    InProgress,
    Submitted,
    Scoring,
    Scored,
    Reviewed,
}

impl Stage {
    pub(super) const ALL: [Self; 7] = [
        Self::Invited,
        Self::Setup,
        Self::InProgress,
        Self::Submitted,
        Self::Scoring,
        Self::Scored,
        Self::Reviewed,
    ];

    /// The stage that the API calls `status`.
    pub(super) fn of(status: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.status() == status)
    }

    /// What the API calls it.
    pub(super) fn status(self) -> &'static str {
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
}

/// A name of the API as people read it: `in_progress` is `In progress`.
pub(super) fn label(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    match letters.next() {
        None => "Unknown".to_owned(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
    }
}

/// The name of the style of a badge; one that is not documented has a plain one.
pub(super) fn style(status: &str) -> &'static str {
    Stage::of(status).map_or("other", Stage::status)
}
