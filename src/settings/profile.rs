//! What a profile of the configuration file, or the file's top, may say.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::directories::written_in;
use super::fault::Fault;
use super::key_command::KeyCommand;
use super::{CONCURRENCIES, RATES};
use crate::api::{self, BaseUrl};
use crate::moment;

/// What a profile says, checked.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The address of the API.
    pub api_url: Option<BaseUrl>,
    /// Id or name of the assessment.
    pub assessment: Option<String>,
    /// The name of the zone.
    pub tz: Option<String>,
    /// Requests per second, at most.
    pub rate: Option<f64>,
    /// Requests in flight at once.
    pub concurrency: Option<u16>,
    /// The file that holds the key.
    pub api_key_file: Option<PathBuf>,
    /// The command that prints the key.
    pub api_key_command: Option<KeyCommand>,
    /// The file of additional certificates.
    pub ca_file: Option<PathBuf>,
}

impl Profile {
    /// Tells whether it says where the key is.
    pub(super) fn names_key(&self) -> bool {
        self.api_key_file.is_some() || self.api_key_command.is_some()
    }
}

/// What a profile says, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    api_url: Option<Spanned<String>>,
    assessment: Option<String>,
    tz: Option<Spanned<String>>,
    rate: Option<Spanned<f64>>,
    concurrency: Option<Spanned<i64>>,
    api_key_file: Option<Spanned<PathBuf>>,
    api_key_command: Option<Spanned<KeyCommand>>,
    ca_file: Option<PathBuf>,
}

/// What is wrong, and the byte it begins at.
pub(super) type Misplaced = (Fault, usize);

impl Written {
    /// Checks each value. Paths are relative to `directory`.
    pub(super) fn check(self, directory: &Path) -> Result<Profile, Misplaced> {
        if let (Some(_), Some(command)) = (&self.api_key_file, &self.api_key_command) {
            return Err((Fault::TwoKeys, command.span().start));
        }
        let path = |path: PathBuf| written_in(directory, &path);
        Ok(Profile {
            api_url: checked(self.api_url, |url| {
                BaseUrl::parse(&url).map_err(Fault::Address)
            })?,
            assessment: self.assessment.filter(|text| !text.trim().is_empty()),
            tz: checked(self.tz, |name| match moment::zone(&name) {
                Ok(_) => Ok(name),
                Err(error) => Err(Fault::Zone(error)),
            })?,
            rate: checked(self.rate, |rate| {
                within(rate, RATES.contains(&rate), "0.01 to 10000")
            })?,
            concurrency: checked(self.concurrency, |count| {
                let count = u16::try_from(count).unwrap_or(0);
                within(count, CONCURRENCIES.contains(&count), "1 to 256")
            })?,
            api_key_file: checked(self.api_key_file, |file| {
                if api::Key::parse(&file.to_string_lossy()).is_ok() {
                    return Err(Fault::KeyInFile);
                }
                Ok(path(file))
            })?,
            api_key_command: checked(self.api_key_command, |command| {
                if command.is_empty() {
                    return Err(Fault::NoCommand);
                }
                Ok(command)
            })?,
            ca_file: self.ca_file.map(path),
        })
    }
}

fn within<T>(value: T, is_within: bool, range: &'static str) -> Result<T, Fault> {
    if is_within {
        Ok(value)
    } else {
        Err(Fault::OutOfRange { range })
    }
}

fn checked<T, C>(
    written: Option<Spanned<T>>,
    check: impl FnOnce(T) -> Result<C, Fault>,
) -> Result<Option<C>, Misplaced> {
    let Some(written) = written else {
        return Ok(None);
    };
    let start = written.span().start;
    match check(written.into_inner()) {
        Ok(value) => Ok(Some(value)),
        Err(fault) => Err((fault, start)),
    }
}
