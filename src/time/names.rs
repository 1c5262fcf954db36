//! Time zones and days of the week by name.

use std::env;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};

use super::Error;
use crate::interpretation::{Interpretation, Interpreted};
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
///
/// # Errors
/// There is no such day; the error suggests one.
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

/// Returns the time zone `name`: an IANA name in any case, `UTC`, or `local` for the zone of this machine.
///
/// # Errors
/// There is no such zone; the error suggests one.
pub fn zone(name: &str) -> Result<TimeZone, Error> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("local") {
        return system_zone();
    }
    TimeZone::get(name).map_err(|_| Error::UnknownZone {
        name: name.to_owned(),
        likely: likely_zone(name),
    })
}

/// Returns the time zone `name` as [`zone`] does, and points at names that read as the opposite of what they mean.
///
/// # Errors
/// As [`zone`].
pub fn interpret_zone(name: &str) -> Result<Interpreted<TimeZone>, Error> {
    let zone = zone(name)?;
    let is_inverted = zone
        .iana_name()
        .is_some_and(|iana| iana.starts_with("Etc/GMT"));
    let offset = zone.to_offset(Timestamp::UNIX_EPOCH);
    let mut interpreted = Interpreted::plain(zone);
    if is_inverted && !offset.is_zero() {
        interpreted
            .interpretations
            .push(Interpretation::with_reading(
                name,
                "the sign of this name is inverted, and it has no summer time",
                utc_offset(offset),
            ));
    }
    Ok(interpreted)
}

/// Returns an offset as people write it: `UTC-8`, `UTC+5:30`.
fn utc_offset(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// Returns the time zone of this machine, or the one that the variable `TZ` names.
///
/// # Errors
/// `TZ` names no zone. Without it, a machine whose zone cannot be found has UTC.
pub fn system_zone() -> Result<TimeZone, Error> {
    match (TimeZone::try_system(), env::var_os("TZ")) {
        (Ok(zone), _) => Ok(zone),
        (Err(_), None) => Ok(TimeZone::UTC),
        (Err(_), Some(name)) => {
            let name = name.to_string_lossy().into_owned();
            let likely = likely_zone(&name);
            Err(Error::UnknownZone { name, likely })
        }
    }
}

/// Returns the name of `zone`, which is the offset itself if the zone is a fixed offset.
#[must_use]
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

/// Finds the zone with the most similar name, or city: `berlin` finds `Europe/Berlin`.
fn likely_zone(name: &str) -> Option<String> {
    let wanted = name.to_lowercase().replace(' ', "_");
    jiff::tz::db()
        .available()
        .map(|zone| {
            let zone = zone.as_str().to_owned();
            let lower = zone.to_lowercase();
            let city = lower.rsplit('/').next().unwrap_or(&lower);
            let likeness =
                strsim::jaro_winkler(&wanted, &lower).max(strsim::jaro_winkler(&wanted, city));
            (likeness, zone)
        })
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, zone)| zone)
}
