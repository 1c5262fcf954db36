//! The configuration file: what counts where nobody says otherwise, and profiles by name. A mistake anywhere in it is an
//! error with file and line, whatever is asked for; what stands at the place is never shown, as it might be a key.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::profile::{Misplaced, Written};
use super::{Error, Profile, configuration_file};
use crate::suggest::did_you_mean_or_list;
use crate::{api, moment};

/// The table that holds the profiles.
const PROFILES: &str = "profiles";

/// What the configuration file says.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The file, whether it is there or not.
    pub path: PathBuf,
    /// Whether it is there.
    pub exists: bool,
    /// What stands at its top.
    pub top: Profile,
    /// The profiles by name.
    pub profiles: BTreeMap<String, Profile>,
}

/// What is wrong in the configuration file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
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
    TwoKeys,
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
    Zone(#[source] moment::Error),
}

impl Fault {
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
            Self::Malformed { .. } | Self::TwoKeys | Self::NoCommand | Self::OutOfRange { .. } => {
                None
            }
        }
    }

    /// Serde says: ``unknown field `asessment`, expected one of `api_url`, `assessment` ``.
    fn of(error: &toml::de::Error, beside: &[&str]) -> Self {
        let text = error.message();
        let mut quoted = text.split('`').skip(1).step_by(2);
        match quoted.next() {
            Some("api_key") if text.starts_with("unknown field") => Self::KeyInFile,
            Some(key) if text.starts_with("unknown field") => Self::Unknown {
                key: api::hide_keys(key),
                known: quoted
                    .chain(beside.iter().copied())
                    .map(str::to_owned)
                    .collect(),
            },
            _ => Self::Malformed {
                reason: api::hide_keys(text.trim_end_matches('\n')).replace('\n', "; "),
            },
        }
    }
}

impl Configuration {
    /// Reads the configuration file; where there is none, nothing is configured.
    ///
    /// # Errors
    /// It cannot be read, or something is wrong in it.
    pub fn read() -> Result<Self, Error> {
        let path = configuration_file()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            // Whoever has to write there tells that the directory is none.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(Self {
                    path,
                    ..Self::default()
                });
            }
            Err(source) => return Err(Error::Configuration { path, source }),
        };
        match parse(&text, path.parent().unwrap_or(Path::new(""))) {
            Ok((top, profiles)) => Ok(Self {
                path,
                exists: true,
                top,
                profiles,
            }),
            Err((fault, at)) => Err(Error::Misconfigured {
                line: line(&text, at),
                path,
                fault,
            }),
        }
    }

    /// Returns the profile called `name`.
    ///
    /// # Errors
    /// There is none.
    pub fn profile(&self, name: &str) -> Result<&Profile, Error> {
        self.profiles.get(name).ok_or_else(|| Error::NoProfile {
            name: name.to_owned(),
            path: self.path.clone(),
            known: self.profiles.keys().cloned().collect(),
        })
    }
}

type Parsed = (Profile, BTreeMap<String, Profile>);

fn parse(text: &str, directory: &Path) -> Result<Parsed, Misplaced> {
    let mut root = DeTable::parse(text).map_err(|error| misplaced(&error, 0, &[]))?;
    let profiles = root.get_mut().remove(PROFILES);
    let top = Written::deserialize(Deserializer::from(root))
        .map_err(|error| misplaced(&error, 0, &[PROFILES]))?
        .check(directory)?;
    let mut read = BTreeMap::new();
    for (name, profile) in profiles.map(tables).transpose()?.unwrap_or_default() {
        read.insert(name, profile.check(directory)?);
    }
    Ok((top, read))
}

/// Reads a table of profiles.
fn tables(profiles: Spanned<DeValue<'_>>) -> Result<Vec<(String, Written)>, Misplaced> {
    let start = profiles.span().start;
    let profiles = table(profiles, PROFILES).map_err(|fault| (fault, start))?;
    profiles
        .into_inner()
        .into_iter()
        .map(|(name, value)| {
            let start = name.span().start;
            let name = name.into_inner().into_owned();
            let shown = api::hide_keys(&name);
            let profile = table(value, &shown).map_err(|fault| (fault, start))?;
            let written = Written::deserialize(Deserializer::from(profile))
                .map_err(|error| misplaced(&error, start, &[]))?;
            Ok((name, written))
        })
        .collect()
}

fn table<'a>(value: Spanned<DeValue<'a>>, what: &str) -> Result<Spanned<DeTable<'a>>, Fault> {
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(table) => Ok(Spanned::new(span, table)),
        _ => Err(Fault::Malformed {
            reason: format!("`{what}` must be a table"),
        }),
    }
}

fn misplaced(error: &toml::de::Error, otherwise: usize, beside: &[&str]) -> Misplaced {
    let start = error.span().map_or(otherwise, |span| span.start);
    (Fault::of(error, beside), start)
}

/// The line of a byte, counted from 1.
fn line(text: &str, at: usize) -> usize {
    let before = text.bytes().take(at);
    1 + before.filter(|byte| *byte == b'\n').count()
}
