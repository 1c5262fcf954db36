//! What `doctor` found: each thing it looked at, and how that stands.

use crate::error::{Error, ExitStatus};

/// One thing that was looked at.
pub(super) struct CheckResult {
    /// What was looked at.
    pub(super) name: &'static str,
    /// How it stands.
    pub(super) state: CheckStatus,
    /// What was found.
    pub(super) found: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckStatus {
    Passed,
    Warning,
    /// A command that needs it would end so.
    Failed(ExitStatus),
}

impl CheckResult {
    pub(super) fn passed(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            state: CheckStatus::Passed,
            found: found.into(),
            hint: None,
        }
    }

    pub(super) fn warning(
        name: &'static str,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            name,
            state: CheckStatus::Warning,
            found: found.into(),
            hint: Some(hint.into()),
        }
    }

    pub(super) fn failed(name: &'static str, error: &Error) -> Self {
        let hints = error.hints();
        Self {
            name,
            state: CheckStatus::Failed(error.exit_status()),
            found: error.to_string(),
            hint: (!hints.is_empty()).then(|| hints.join("; ")),
        }
    }
}
