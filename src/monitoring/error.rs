//! Errors in the columns and statuses that a user asks for.

use crate::session_status::SessionStatus;
use crate::text::did_you_mean_or_list;

/// A column or status that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a session has no column `{name}`")]
    Column { name: String, known: Vec<String> },
    /// No session has the status, and it is similar to a documented one.
    #[error("no session has the status `{status}`, which is not documented")]
    Status { status: String },
    #[error("cannot wait for `{status}`: it is not a documented status")]
    TargetStatus { status: String },
}

impl Error {
    /// Returns what the user can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Column { name, known } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                did_you_mean_or_list(name, &known)
            }
            Self::Status { status } | Self::TargetStatus { status } => {
                did_you_mean_or_list(status, &SessionStatus::names())
            }
        }
    }
}
