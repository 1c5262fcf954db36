//! Exit statuses of the process.

/// The exit status of the process. `--help` documents the numbers, which do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything worked.
    Success,
    /// An error in a script, or any error without a status of its own.
    ScriptError,
    /// Wrong options, arguments or settings.
    Usage,
    RowsFailed,
    /// The API refused the key, its access or the assessment.
    Refused,
    /// The plan was rejected; nothing was changed.
    Rejected,
    /// The plan was not confirmed; nothing was changed.
    NotConfirmed,
    /// A wait timed out, or another process was not waited for.
    WaitTimedOut,
    /// The user interrupted it.
    Interrupted,
    /// A status that the script chose with `exit`.
    Custom(u8),
}

impl ExitStatus {
    /// Returns the number that the process exits with.
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

    /// Explains a status that comes without an error message.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Refused => Some("refused by the API"),
            Self::Rejected => Some("the plan was rejected, nothing was changed"),
            Self::NotConfirmed => Some("not confirmed, nothing was changed"),
            Self::Interrupted => Some("interrupted"),
            _ => None,
        }
    }
}
