//! The settings that say how scripts read what is in files, and the time zone and the time that options name.

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::configuration::Configuration;
use super::error::Error;
use crate::time::{self, DateRules, LocalTimes, ReadingRules, ZoneMap};

/// How scripts read dates and zones, as far as an option or the configuration file says so.
#[derive(Clone, Debug, Default)]
pub struct ReadingSettings {
    /// The file with the user's own names for zones.
    pub zones: Option<PathBuf>,
    /// How dates are read that could mean several.
    pub dates: Option<DateRules>,
}

impl ReadingSettings {
    /// Returns these settings, and those of `others` for what is not set.
    #[must_use]
    pub fn or(self, others: &Self) -> Self {
        Self {
            zones: self.zones.or_else(|| others.zones.clone()),
            dates: self.dates.or(others.dates),
        }
    }

    /// Reads the files that the settings name.
    pub fn rules(&self) -> Result<ReadingRules, Error> {
        let zones = self.zones.clone().map(read_zones).transpose()?;
        Ok(ReadingRules {
            zones: zones.unwrap_or_default(),
            dates: self.dates.unwrap_or_default(),
        })
    }
}

fn read_zones(path: PathBuf) -> Result<ZoneMap, Error> {
    match fs::read_to_string(&path) {
        Ok(text) => ZoneMap::parse(&text).map_err(|source| Error::ZoneMap { path, source }),
        Err(source) => Err(Error::ZoneFile { path, source }),
    }
}

/// Returns the time zone called `name`, or this machine's.
pub fn zone(name: Option<&str>) -> Result<TimeZone, Error> {
    name.map_or_else(
        || time::system_zone().map_err(time_error("TZ")),
        |name| time::zone(name).map_err(time_error("--tz")),
    )
}

/// Returns the time zone called `name`, that of the configuration file, or this machine's.
pub fn display_zone(name: Option<&str>) -> Result<TimeZone, Error> {
    match name {
        Some(name) => zone(Some(name)),
        None => zone(Configuration::read()?.top.tz.as_deref()),
    }
}

/// Parses the time that replaces the clock; one without a zone is in `zone`.
pub fn parse_now(text: &str, zone: &TimeZone) -> Result<Timestamp, Error> {
    let rules = ReadingRules::default();
    let now = time::parse(text, zone, LocalTimes::Allowed, &rules);
    Ok(now.map_err(time_error("--now"))?.result.timestamp())
}

/// Returns a function that makes an error about a time of the option called `origin`.
pub fn time_error(origin: &str) -> impl FnOnce(time::Error) -> Error {
    let origin = format!("`{origin}`");
    move |source| Error::Time { origin, source }
}
