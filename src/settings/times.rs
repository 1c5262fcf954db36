//! The time zone and the time that options name.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::configuration::Configuration;
use super::error::Error;
use crate::time::{self, LocalTimes, ReadingRules};

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
