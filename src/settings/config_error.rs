//! What can be wrong in the configuration file. What stands at the place is never shown, as it might be a key.

use crate::text::did_you_mean_or_list;
use crate::{api, time};

/// What is wrong in the configuration file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A key that means nothing.
    #[error("there is no setting `{key}`")]
    Unknown {
        /// The key.
        key: String,
        /// Those that mean something.
        known: Vec<String>,
    },
    /// It is no TOML, or a value is of another type.
    #[error("{reason}")]
    Malformed {
        /// What the parser says.
        reason: String,
    },
    /// A key of the API stands in the file, or where the name of a file should stand.
    #[error("a key does not belong into this file")]
    KeyInFile,
    /// The key has two sources.
    #[error("`api_key_file` and `api_key_command` exclude each other")]
    ConflictingKeySources,
    /// The command is empty.
    #[error("the command is empty")]
    NoCommand,
    /// No such number is possible.
    #[error("a number from {range} is needed")]
    OutOfRange {
        /// What is possible.
        range: &'static str,
    },
    /// The address is none.
    #[error("{0}")]
    Address(#[source] api::Error),
    /// The zone is unknown.
    #[error("{0}")]
    Zone(#[source] time::Error),
}

impl ConfigError {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { key, known } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                Some(did_you_mean_or_list(key, &known))
            }
            Self::KeyInFile => Some(
                "put the key into a file of its own, and name that with `api_key_file`; or name a command with `api_key_command`"
                    .to_owned(),
            ),
            Self::Address(source) => source.hint(),
            Self::Zone(source) => source.hint(),
            Self::Malformed { .. } | Self::ConflictingKeySources | Self::NoCommand | Self::OutOfRange { .. } => {
                None
            }
        }
    }

    /// Serde says: ``unknown field `asessment`, expected one of `api_url`, `assessment` ``.
    pub(super) fn of(error: &toml::de::Error, beside: &[&str]) -> Self {
        let text = error.message();
        let mut quoted = text.split('`').skip(1).step_by(2);
        match quoted.next() {
            Some("api_key") if text.starts_with("unknown field") => Self::KeyInFile,
            Some(key) if text.starts_with("unknown field") => Self::Unknown {
                key: api::redact_keys(key),
                known: quoted
                    .chain(beside.iter().copied())
                    .map(str::to_owned)
                    .collect(),
            },
            _ => Self::Malformed {
                reason: api::redact_keys(text.trim_end_matches('\n')).replace('\n', "; "),
            },
        }
    }
}
