//! What the linter says.

use super::facts::ErrorHandling;
use crate::script::error::diagnostic::Diagnostic;

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
    pub failure: Diagnostic,
}

impl Finding {
    pub(super) fn error(failure: Diagnostic) -> Self {
        Self {
            severity: Severity::Error,
            failure,
        }
    }

    pub(super) fn warning(failure: Diagnostic) -> Self {
        Self {
            severity: Severity::Warning,
            failure,
        }
    }

    /// Makes an error of what ends the script, and a warning of what a `catch` may be meant for.
    pub(super) fn with_handling(error_handling: ErrorHandling, failure: Diagnostic) -> Self {
        match error_handling {
            ErrorHandling::Caught => Self::warning(failure),
            ErrorHandling::None | ErrorHandling::Expected => Self::error(failure),
        }
    }
}
