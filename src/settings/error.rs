//! What can be wrong with settings.

use std::io;
use std::path::PathBuf;

use super::config_error::ConfigError;
use super::key_command::KeyCommandError;
use super::variable::HOME_VARIABLE;
use crate::ledger::RunId;
use crate::text::did_you_mean_or_list;
use crate::{api, time};

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The key file cannot be read.
    #[error("cannot read the key file `{}`: {source}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The key stands where the name of a file should.
    #[error("`--api-key-file` takes the name of a file, and was given a key")]
    KeyAsPath,
    /// The key cannot be read from standard input.
    #[error("cannot read the key from standard input: {0}")]
    KeyInput(#[source] io::Error),
    /// The command gives no key.
    #[error("the key command `{command}` failed: {failure}")]
    KeyCommand {
        /// The command.
        command: String,
        /// Why not.
        #[source]
        failure: KeyCommandError,
    },
    /// The key is meant for another address than the one that counts.
    #[error("the key of {key} is for `{key_url}`, and {asking} says `{address}`")]
    KeyForOtherUrl {
        /// Who names the key.
        key: String,
        /// The address that stands beside the key.
        key_url: String,
        /// Who names the address that counts.
        asking: String,
        /// The address that counts.
        address: String,
    },
    /// The certificates cannot be used.
    #[error("cannot take certificates from `{}`: {source}", path.display())]
    CaCertificates {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: api::Error,
    },
    /// The file of certificates cannot be read.
    #[error("cannot read the certificates `{}`: {source}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The configuration file cannot be read.
    #[error("cannot read the configuration `{}`: {source}", path.display())]
    Configuration {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Something is wrong in the configuration file.
    #[error("{}:{line}: {config_error}", path.display())]
    Misconfigured {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        config_error: ConfigError,
    },
    /// There is no such profile.
    #[error("`{}` has no profile `{name}`", path.display())]
    NoProfile {
        /// The name asked for.
        name: String,
        /// The configuration file.
        path: PathBuf,
        /// The profiles it has.
        known: Vec<String>,
    },
    /// Key or address are malformed.
    #[error("{origin}: {source}")]
    Api {
        /// The option or variable.
        origin: String,
        /// What is wrong.
        source: api::Error,
    },
    /// A time or zone cannot be understood.
    #[error("{origin}: {source}")]
    Time {
        /// The option or variable.
        origin: String,
        /// What is wrong.
        source: time::Error,
    },
    /// A variable holds bytes that are no text.
    #[error("the variable `{name}` is not UTF-8 text")]
    NotUtf8 {
        /// The variable.
        name: &'static str,
    },
    /// What is given is not what a run was planned for.
    #[error("run {run} was planned for `{planned}`, and {what} says `{given}`")]
    Contradiction {
        /// The run.
        run: RunId,
        /// The option, variable or profile.
        what: String,
        /// What it says.
        given: String,
        /// What the run was planned for.
        planned: String,
    },
    /// The platform names no directory for state.
    #[error("there is no home directory to keep state in")]
    NoHome,
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Api { source, .. } => return source.hint(),
            Self::Time { source, .. } => return source.hint(),
            Self::Misconfigured { config_error, .. } => return config_error.hint(),
            Self::NoHome => return Some(format!("set `{HOME_VARIABLE}` to a directory")),
            Self::Contradiction { what, .. } => {
                return Some(format!(
                    "leave {what} out: `send` goes where the run was planned for"
                ));
            }
            Self::NoProfile { known, path, .. } if known.is_empty() => {
                return Some(format!(
                    "write one into `{}`, below `[profiles.NAME]`",
                    path.display()
                ));
            }
            Self::NoProfile { name, known, .. } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                return Some(did_you_mean_or_list(name, &known));
            }
            Self::KeyCommand { .. } => {
                "run the command by itself to see what it says: here, its output is kept back"
            }
            Self::KeyForOtherUrl { .. } => {
                "name the profile for that address with `--profile`, or its key with `--api-key-file` or `GRADIENT_API_KEY`"
            }
            Self::KeyAsPath => {
                "put the key into a file, or into `GRADIENT_API_KEY`; an argument can be seen by everybody on this machine, so make a new key"
            }
            Self::CaCertificates { .. } => {
                "the file must hold certificates in PEM form: `-----BEGIN CERTIFICATE-----`"
            }
            Self::KeyFile { .. }
            | Self::KeyInput(_)
            | Self::CaFile { .. }
            | Self::Configuration { .. }
            | Self::NotUtf8 { .. } => return None,
        };
        Some(hint.to_owned())
    }
}
