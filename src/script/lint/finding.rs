//! A mistake that the linter found.

use super::facts::{Call, ErrorHandling};
use crate::script::error::diagnostic::Diagnostic;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The script fails when it gets there.
    Error,
    /// The script runs, but probably not as its author meant.
    Warning,
}

impl Severity {
    /// Returns `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A mistake in a script.
#[derive(Clone, Debug)]
pub struct Finding {
    pub severity: Severity,
    pub diagnostic: Diagnostic,
}

impl Finding {
    pub(super) fn error(diagnostic: Diagnostic) -> Self {
        Self {
            severity: Severity::Error,
            diagnostic,
        }
    }

    pub(super) fn warning(diagnostic: Diagnostic) -> Self {
        Self {
            severity: Severity::Warning,
            diagnostic,
        }
    }

    /// Creates a finding about a call: an error, or a warning if the script may intend to catch it.
    pub(super) fn of_call(call: &Call, diagnostic: Diagnostic) -> Self {
        Self::with_handling(call.context.error_handling, diagnostic)
    }

    /// Creates an error, or a warning if the script may intend to catch it.
    pub(super) fn with_handling(error_handling: ErrorHandling, diagnostic: Diagnostic) -> Self {
        match error_handling {
            ErrorHandling::Caught => Self::warning(diagnostic),
            ErrorHandling::Uncaught | ErrorHandling::Expected => Self::error(diagnostic),
        }
    }
}
