//! Errors of settings, and mistakes in the configuration file. Errors never quote a value of that file, as it might be a key.

use std::io;
use std::path::PathBuf;

use super::key_command::KeyCommandError;
use super::key_text::KeyTextError;
use crate::change_kind::{ChangeKind, Forbidden};
use crate::ledger::RunId;
use crate::text::{did_you_mean_or_list, redact_keys};
use crate::{api, time};

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot read the key file `{}`: {source}", path.display())]
    KeyFile { path: PathBuf, source: io::Error },
    #[error("`--api-key-file` takes the name of a file, not a key")]
    KeyAsPath,
    #[error("cannot read the key from standard input: {0}")]
    KeyInput(#[source] io::Error),
    #[error("the key command `{command}` failed: {failure}")]
    KeyCommand {
        command: String,
        #[source]
        failure: KeyCommandError,
    },
    /// `key` names the source of the key and `asking` that of the address in use.
    #[error("the key of {key} is for `{key_url}`, but {asking} names `{address}`")]
    KeyForOtherUrl {
        key: String,
        key_url: String,
        asking: String,
        address: String,
    },
    #[error("cannot use the certificates in `{}`: {source}", path.display())]
    CaCertificates { path: PathBuf, source: api::Error },
    #[error("cannot read the certificates `{}`: {source}", path.display())]
    CaFile { path: PathBuf, source: io::Error },
    #[error("cannot read the names of time zones in `{}`: {source}", path.display())]
    ZoneFile { path: PathBuf, source: io::Error },
    #[error("`{}` {source}", path.display())]
    ZoneMap {
        path: PathBuf,
        source: time::ZoneMapError,
    },
    #[error("cannot read the configuration `{}`: {source}", path.display())]
    Configuration { path: PathBuf, source: io::Error },
    #[error("{}:{line}: {config_error}", path.display())]
    Misconfigured {
        path: PathBuf,
        line: usize,
        config_error: ConfigError,
    },
    #[error("`{}` has no profile `{name}`", path.display())]
    NoProfile {
        name: String,
        path: PathBuf,
        known: Vec<String>,
    },
    /// `origin` names the file, variable or command that should contain a key.
    #[error("{origin}: {source}")]
    KeyText {
        origin: String,
        source: KeyTextError,
    },
    /// The address is malformed.
    #[error("{origin}: {source}")]
    Api { origin: String, source: api::Error },
    /// A time or time zone is malformed.
    #[error("{origin}: {source}")]
    Time { origin: String, source: time::Error },
    #[error("the variable `{name}` is not UTF-8 text")]
    NotUtf8 { name: &'static str },
    #[error("`{option}` does nothing for run {run}, whose kind is `{}`", kind.name())]
    UselessOption {
        run: RunId,
        kind: ChangeKind,
        option: &'static str,
    },
    /// `what` is the option, variable or profile that contradicts the run.
    #[error("run {run} was planned for `{planned}`, but {what} is `{given}`")]
    Contradiction {
        run: RunId,
        what: String,
        given: String,
        planned: String,
    },
    #[error("run {run} changes something at the API, and {forbidden}")]
    ForbiddenRun { run: RunId, forbidden: Forbidden },
    #[error("`{option} {given}` is above the limit of {origin}, which is {allowed}")]
    AboveLimit {
        option: &'static str,
        given: u64,
        allowed: u64,
        origin: String,
    },
    #[error("there is no home directory to keep state in")]
    NoHome,
}

impl Error {
    /// Returns how to fix the error.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Api { source, .. } => return source.hint(),
            // `--dates` is about the texts that a script reads, and not about options.
            Self::Time {
                source:
                    time::Error::UnknownOrder { .. }
                    | time::Error::TwoDigitYear { .. }
                    | time::Error::SpreadsheetSerial { .. },
                ..
            } => "write the date as `YYYY-MM-DD`",
            Self::Time { source, .. } => return source.hint(),
            Self::Misconfigured { config_error, .. } => return config_error.hint(),
            Self::Contradiction { what, .. } => {
                return Some(format!(
                    "leave out {what}: the run has its endpoint and its assessment"
                ));
            }
            Self::UselessOption { .. } => "leave it out",
            Self::NoProfile { known, path, .. } if known.is_empty() => {
                return Some(format!(
                    "add one to `{}` as `[profiles.NAME]`",
                    path.display()
                ));
            }
            Self::NoProfile { name, known, .. } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                return Some(did_you_mean_or_list(name, &known));
            }
            Self::KeyCommand { .. } => {
                "run the command yourself to see its output, which is not shown here"
            }
            Self::KeyForOtherUrl { .. } => {
                "pass the profile for that address with `--profile`, or its key with `--api-key-file` or `GRADIENT_API_KEY`"
            }
            Self::KeyAsPath => {
                "put the key into a file or into `GRADIENT_API_KEY`; everyone on this machine can see arguments, so create a new key"
            }
            Self::KeyText { source, .. } => source.hint(),
            Self::ForbiddenRun { forbidden, .. } => forbidden.hint(),
            Self::AboveLimit { option, .. } => {
                let setting = option.trim_start_matches('-').replace('-', "_");
                return Some(format!(
                    "the option can only lower `{setting}` of the configuration file"
                ));
            }
            Self::NoHome => "set `GRADIENT_BULK_HOME` to a directory",
            Self::CaCertificates { .. } => {
                "the file must contain certificates in PEM format: `-----BEGIN CERTIFICATE-----`"
            }
            Self::ZoneMap { .. } => {
                "each line is a name, a comma and an IANA name: `Munich,Europe/Berlin`"
            }
            Self::KeyFile { .. }
            | Self::ZoneFile { .. }
            | Self::KeyInput(_)
            | Self::CaFile { .. }
            | Self::Configuration { .. }
            | Self::NotUtf8 { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

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
