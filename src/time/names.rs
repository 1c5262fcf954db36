//! Time zones and days of the week by name.

use std::env;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::Error;
use super::zone_error::ZoneError;
use crate::text::nearest;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Returns the day of the week `name`: in English, in any case, or its first three letters or more.
pub fn weekday(name: &str) -> Result<Weekday, Error> {
    let name = name.trim();
    let lower = name.to_lowercase();
    let matches = |(day, _): &&(&str, Weekday)| lower.len() > 2 && day.starts_with(lower.as_str());
    match WEEKDAYS.iter().find(matches) {
        Some((_, weekday)) => Ok(*weekday),
        None => Err(Error::UnknownWeekday {
            name: name.to_owned(),
            likely: nearest(name, WEEKDAYS.iter().map(|(day, _)| *day)),
        }),
    }
}

/// Returns the time zone of this machine, or the one that the variable `TZ` names. If neither is known, it is UTC; a `TZ` that names
/// no zone is an error.
pub fn system_zone() -> Result<TimeZone, Error> {
    match (TimeZone::try_system(), env::var_os("TZ")) {
        (Ok(zone), _) => Ok(zone),
        (Err(_), None) => Ok(TimeZone::UTC),
        (Err(_), Some(name)) => Err(ZoneError::refused(&name.to_string_lossy()).into()),
    }
}

/// Returns the name of `zone`, which is the offset itself if the zone is a fixed offset.
pub fn zone_name(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some(name) => name
            .strip_prefix("Etc/")
            .filter(|bare| *bare == "UTC")
            .unwrap_or(name)
            .to_owned(),
        None => zone
            .to_fixed_offset()
            .map_or_else(|_| "local".to_owned(), |offset| offset.to_string()),
    }
}
