//! Mistakes in the configuration file. Errors never quote a value, as it might be a key.

use crate::change_kind::ChangeKind;
use crate::text::{did_you_mean_or_list, redact_keys};
use crate::{api, time};

/// A mistake in the configuration file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("there is no setting `{key}`")]
    Unknown { key: String, known: Vec<String> },
    #[error("there is no kind of change `{key}`")]
    UnknownKind { key: String },
    #[error("{reason}")]
    Malformed { reason: String },
    #[error("an API key does not belong in this file")]
    KeyInFile,
    #[error("`api_key_file` and `api_key_command` cannot be used together")]
    ConflictingKeySources,
    #[error("the command is empty")]
    NoCommand,
    #[error("a number from {range} is needed")]
    OutOfRange { range: &'static str },
    #[error("{0}")]
    Address(#[source] api::Error),
    #[error("{0}")]
    Zone(#[source] time::Error),
    #[error("{0}")]
    Dates(#[source] time::DateRulesError),
}

impl ConfigError {
    /// Returns how to fix the mistake.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { key, known } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                Some(did_you_mean_or_list(key, &known))
            }
            Self::UnknownKind { .. } => {
                let known = ChangeKind::ALL.map(|kind| format!("`{}`", kind.name()));
                Some(format!("known: {}", known.join(", ")))
            }
            Self::KeyInFile => Some(
                "put the key into a file of its own and set `api_key_file` to its path, or set `api_key_command` to a command that prints the key"
                    .to_owned(),
            ),
            Self::Address(source) => source.hint(),
            Self::Zone(source) => source.hint(),
            Self::Malformed { .. } | Self::ConflictingKeySources | Self::NoCommand | Self::OutOfRange { .. } | Self::Dates(_) => {
                None
            }
        }
    }

    /// Converts an error of serde, such as ``unknown field `asessment`, expected one of `api_url`, `assessment` ``. `others` are
    /// further keys that are allowed.
    pub(super) fn of(error: &toml::de::Error, others: &[&str]) -> Self {
        let text = error.message();
        let mut quoted = text.split('`').skip(1).step_by(2);
        match quoted.next() {
            Some("api_key") if text.starts_with("unknown field") => Self::KeyInFile,
            Some(key) if text.starts_with("unknown field") => Self::Unknown {
                key: redact_keys(key),
                known: quoted
                    .chain(others.iter().copied())
                    .map(str::to_owned)
                    .collect(),
            },
            _ => Self::Malformed {
                reason: redact_keys(text.trim_end_matches('\n')).replace('\n', "; "),
            },
        }
    }
}
