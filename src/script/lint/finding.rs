//! What the linter says.

use crate::script::Failure;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The script would fail where it is reached.
    Error,
    /// It runs, and surely does not do what its author meant.
    Warning,
}

impl Severity {
    /// Returns its name: `error` or `warning`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong with a script.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, and where.
    pub failure: Failure,
}

impl Finding {
    pub(super) fn error(failure: Failure) -> Self {
        Self {
            severity: Severity::Error,
            failure,
        }
    }

    pub(super) fn warning(failure: Failure) -> Self {
        Self {
            severity: Severity::Warning,
            failure,
        }
    }

    /// Makes a warning of what stands in a `try`, whose `catch` may be meant for it.
    pub(super) fn unless_caught(failure: Failure, is_guarded: bool) -> Self {
        if is_guarded {
            Self::warning(failure)
        } else {
            Self::error(failure)
        }
    }
}
