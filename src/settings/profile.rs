//! A profile of the configuration file, or its top-level settings.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::directories::resolve_config_path;
use super::error::ConfigError;
use super::key_command::KeyCommand;
use crate::api::{self, BaseUrl};
use crate::change_kind::ChangeKind;
use crate::text::redact_keys;
use crate::time::{self, DateRules};

/// The allowed number of requests per second.
pub const RATE_RANGE: RangeInclusive<f64> = 0.01..=10_000.0;
/// The allowed number of requests in flight.
pub const CONCURRENCY_RANGE: RangeInclusive<u16> = 1..=256;

/// A profile with valid values.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub api_url: Option<BaseUrl>,
    pub assessment: Option<String>,
    pub tz: Option<String>,
    pub zones: Option<PathBuf>,
    pub dates: Option<DateRules>,
    pub rate: Option<f64>,
    pub concurrency: Option<u16>,
    pub api_key_file: Option<PathBuf>,
    pub api_key_command: Option<KeyCommand>,
    pub ca_file: Option<PathBuf>,
    pub allow: Option<Vec<ChangeKind>>,
    pub max_invites: Option<u64>,
    pub max_changes: Option<u64>,
    pub never_invite: Option<PathBuf>,
}

impl Profile {
    /// Returns whether the profile sets a key source.
    pub(super) fn names_key(&self) -> bool {
        self.api_key_file.is_some() || self.api_key_command.is_some()
    }
}

/// A profile as it is written in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawProfile {
    api_url: Option<Spanned<String>>,
    assessment: Option<String>,
    tz: Option<Spanned<String>>,
    zones: Option<PathBuf>,
    dates: Option<Spanned<String>>,
    rate: Option<Spanned<f64>>,
    concurrency: Option<Spanned<i64>>,
    api_key_file: Option<Spanned<PathBuf>>,
    api_key_command: Option<Spanned<KeyCommand>>,
    ca_file: Option<PathBuf>,
    allow: Option<Vec<Spanned<String>>>,
    max_invites: Option<Spanned<i64>>,
    max_changes: Option<Spanned<i64>>,
    never_invite: Option<PathBuf>,
}

/// A mistake, and the byte at which it starts.
pub(super) type LocatedError = (ConfigError, usize);

impl RawProfile {
    /// Checks every value. Paths are relative to `directory`.
    pub(super) fn check(self, directory: &Path) -> Result<Profile, LocatedError> {
        if let (Some(_), Some(command)) = (&self.api_key_file, &self.api_key_command) {
            return Err((ConfigError::ConflictingKeySources, command.span().start));
        }
        let path = |path: PathBuf| resolve_config_path(directory, &path);
        Ok(Profile {
            api_url: checked(self.api_url, |url| {
                BaseUrl::parse(&url).map_err(ConfigError::Address)
            })?,
            assessment: self.assessment.filter(|text| !text.trim().is_empty()),
            tz: checked(self.tz, |name| match time::zone(&name) {
                Ok(_) => Ok(name),
                Err(error) => Err(ConfigError::Zone(error)),
            })?,
            zones: self.zones.map(path),
            dates: checked(self.dates, |text| {
                DateRules::parse(&text).map_err(ConfigError::Dates)
            })?,
            rate: checked(self.rate, |rate| {
                within(rate, RATE_RANGE.contains(&rate), "0.01 to 10000")
            })?,
            concurrency: checked(self.concurrency, |count| {
                let count = u16::try_from(count).unwrap_or(0);
                within(count, CONCURRENCY_RANGE.contains(&count), "1 to 256")
            })?,
            api_key_file: checked(self.api_key_file, |file| {
                if api::ApiKey::parse(&file.to_string_lossy()).is_ok() {
                    return Err(ConfigError::KeyInFile);
                }
                Ok(path(file))
            })?,
            api_key_command: checked(self.api_key_command, |command| {
                if command.is_empty() {
                    return Err(ConfigError::NoCommand);
                }
                Ok(command)
            })?,
            ca_file: self.ca_file.map(path),
            allow: self.allow.map(change_kinds).transpose()?,
            max_invites: checked(self.max_invites, limit)?,
            max_changes: checked(self.max_changes, limit)?,
            never_invite: self.never_invite.map(path),
        })
    }
}

fn change_kinds(names: Vec<Spanned<String>>) -> Result<Vec<ChangeKind>, LocatedError> {
    let kind = |name: Spanned<String>| {
        let start = name.span().start;
        let name = name.into_inner();
        ChangeKind::parse(&name).ok_or_else(|| {
            let key = redact_keys(&name);
            (ConfigError::UnknownKind { key }, start)
        })
    };
    names.into_iter().map(kind).collect()
}

fn limit(count: i64) -> Result<u64, ConfigError> {
    u32::try_from(count)
        .map(u64::from)
        .map_err(|_| ConfigError::OutOfRange {
            range: "0 to 4294967295",
        })
}

fn within<T>(value: T, is_within: bool, range: &'static str) -> Result<T, ConfigError> {
    if is_within {
        Ok(value)
    } else {
        Err(ConfigError::OutOfRange { range })
    }
}

fn checked<T, C>(
    raw: Option<Spanned<T>>,
    check: impl FnOnce(T) -> Result<C, ConfigError>,
) -> Result<Option<C>, LocatedError> {
    let Some(raw) = raw else {
        return Ok(None);
    };
    let start = raw.span().start;
    match check(raw.into_inner()) {
        Ok(value) => Ok(Some(value)),
        Err(config_error) => Err((config_error, start)),
    }
}
