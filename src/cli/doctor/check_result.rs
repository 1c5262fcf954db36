//! The result of one check of `doctor`.

use crate::error::{Error, ExitStatus};

pub(super) struct CheckResult {
    pub(super) name: &'static str,
    pub(super) state: CheckStatus,
    pub(super) found: String,
    pub(super) hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckStatus {
    Passed,
    Warning,
    /// A command that needs this would exit with this status.
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
