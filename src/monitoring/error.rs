//! What can be wrong with a question about sessions.

use super::Field;
use super::status::statuses;
use crate::text::did_you_mean_or_list;

/// A question that sessions have no answer to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No session has such a field.
    #[error("a session has no column `{name}`")]
    UnknownColumn {
        /// The name as given.
        name: String,
        /// What the API sends besides the documented.
        others: Vec<String>,
    },
    /// A status that no session has, and that is nearly a documented one.
    #[error("no session has the status `{status}`, which is no documented one")]
    UnknownStatus {
        /// The status as given.
        status: String,
    },
    /// A status that cannot be waited for.
    #[error("`{status}` cannot be waited for: it is no documented status")]
    UnknownTargetStatus {
        /// The status as given.
        status: String,
    },
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownColumn { name, others } => {
                let others = others.iter().map(String::as_str);
                let known: Vec<&str> = Field::NAMES.into_iter().chain(others).collect();
                did_you_mean_or_list(name, &known)
            }
            Self::UnknownStatus { status } | Self::UnknownTargetStatus { status } => {
                did_you_mean_or_list(status, &statuses())
            }
        }
    }
}
