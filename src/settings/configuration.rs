//! The configuration file: top-level settings, which are the defaults, and named profiles. A mistake anywhere in it is an
//! error with file and line, whichever profile is used.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::directories::configuration_file;
use super::error::{ConfigError, Error};
use super::profile::{LocatedError, Profile, RawProfile};
use crate::text::redact_keys;

/// The table of profiles.
const PROFILES: &str = "profiles";

/// The content of the configuration file.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The path of the file, whether it exists or not.
    pub path: PathBuf,
    /// Whether the file exists.
    pub exists: bool,
    /// The top-level settings.
    pub top: Profile,
    /// The profiles by name.
    pub profiles: BTreeMap<String, Profile>,
}

impl Configuration {
    /// Reads the configuration file. If there is none, nothing is configured.
    pub fn read() -> Result<Self, Error> {
        let path = configuration_file()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            // That the directory is not one is reported by the first command that writes there.
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
            Err((config_error, at)) => Err(Error::Misconfigured {
                line: line(&text, at),
                path,
                config_error,
            }),
        }
    }

    /// Returns the profile called `name`.
    pub fn profile(&self, name: &str) -> Result<&Profile, Error> {
        self.profiles.get(name).ok_or_else(|| Error::NoProfile {
            name: name.to_owned(),
            path: self.path.clone(),
            known: self.profiles.keys().cloned().collect(),
        })
    }
}

type Parsed = (Profile, BTreeMap<String, Profile>);

fn parse(text: &str, directory: &Path) -> Result<Parsed, LocatedError> {
    let mut root = DeTable::parse(text).map_err(|error| locate_error(&error, 0, &[]))?;
    let profiles = root.get_mut().remove(PROFILES);
    let top = RawProfile::deserialize(Deserializer::from(root))
        .map_err(|error| locate_error(&error, 0, &[PROFILES]))?
        .check(directory)?;
    let mut checked = BTreeMap::new();
    for (name, profile) in profiles.map(raw_profiles).transpose()?.unwrap_or_default() {
        checked.insert(name, profile.check(directory)?);
    }
    Ok((top, checked))
}

fn raw_profiles(profiles: Spanned<DeValue<'_>>) -> Result<Vec<(String, RawProfile)>, LocatedError> {
    let start = profiles.span().start;
    let profiles = table(profiles, PROFILES).map_err(|config_error| (config_error, start))?;
    profiles
        .into_inner()
        .into_iter()
        .map(|(name, value)| {
            let start = name.span().start;
            let name = name.into_inner().into_owned();
            let shown = redact_keys(&name);
            let profile = table(value, &shown).map_err(|config_error| (config_error, start))?;
            let raw = RawProfile::deserialize(Deserializer::from(profile))
                .map_err(|error| locate_error(&error, start, &[]))?;
            Ok((name, raw))
        })
        .collect()
}

fn table<'a>(value: Spanned<DeValue<'a>>, what: &str) -> Result<Spanned<DeTable<'a>>, ConfigError> {
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(table) => Ok(Spanned::new(span, table)),
        _ => Err(ConfigError::Malformed {
            reason: format!("`{what}` must be a table"),
        }),
    }
}

fn locate_error(error: &toml::de::Error, default: usize, others: &[&str]) -> LocatedError {
    let start = error.span().map_or(default, |span| span.start);
    (ConfigError::of(error, others), start)
}

/// Returns the line of the byte at `at`, from 1.
fn line(text: &str, at: usize) -> usize {
    let before = text.bytes().take(at);
    1 + before.filter(|byte| *byte == b'\n').count()
}
