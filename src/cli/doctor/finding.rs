//! What `doctor` found: each thing it looked at, and how that stands.

use crate::error::{Error, ExitStatus};

/// One thing that was looked at.
pub(super) struct Finding {
    /// What was looked at.
    pub(super) name: &'static str,
    /// How it stands.
    pub(super) state: State,
    /// What was found.
    pub(super) found: String,
    /// What to do about it.
    pub(super) cure: Option<String>,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Fine,
    Warning,
    /// A command that needs it would end so.
    Fault(ExitStatus),
}

impl Finding {
    pub(super) fn fine(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Fine,
            found: found.into(),
            cure: None,
        }
    }

    pub(super) fn warning(
        name: &'static str,
        found: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            name,
            state: State::Warning,
            found: found.into(),
            cure: Some(cure.into()),
        }
    }

    pub(super) fn fault(name: &'static str, error: &Error) -> Self {
        let hints = error.hints();
        Self {
            name,
            state: State::Fault(error.exit_status()),
            found: error.to_string(),
            cure: (!hints.is_empty()).then(|| hints.join("; ")),
        }
    }
}
