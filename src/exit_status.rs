//! Exit statuses of the process.

/// How a process ends. The numbers are documented in `--help` and do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// All done.
    Success,
    /// A script error.
    ScriptError,
    /// Wrong usage, or a contradiction.
    Usage,
    /// Some rows failed.
    RowsFailed,
    /// The API refused the key, the access or the assessment.
    Refused,
    /// The plan was rejected; nothing was sent.
    Rejected,
    /// Nobody confirmed; nothing was sent.
    NotConfirmed,
    /// What was waited for did not come.
    WaitTimedOut,
    /// Interrupted.
    Interrupted,
    /// What the script chose.
    Custom(u8),
}

impl ExitStatus {
    /// Returns the number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::ScriptError => 1,
            Self::Usage => 2,
            Self::RowsFailed => 3,
            Self::Refused => 4,
            Self::Rejected => 5,
            Self::NotConfirmed => 6,
            Self::WaitTimedOut => 7,
            Self::Interrupted => 130,
            Self::Custom(code) => code,
        }
    }

    /// Returns why a script came to such an end without an error of its own.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Refused => Some("refused by the API"),
            Self::Rejected => Some("the plan was rejected, nothing was sent"),
            Self::NotConfirmed => Some("not confirmed, nothing was sent"),
            Self::Interrupted => Some("interrupted"),
            _ => None,
        }
    }
}
