//! The names of time zones as people and files write them. Each is read in one way, or refused.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::names::zone_name;
use super::zone_error::ZoneError;
use super::zone_tables::{windows_zone, zone_of_city, zones_of_abbreviation};
use super::{DateTime, Error, system_zone};
use crate::interpretation::{Interpretation, Interpreted};
use crate::text::trim_invisible;

const FIXED: &str = "a fixed offset, without summer time";
const INVERTED: &str = "the sign of this name is inverted, and it has no summer time";
const WINDOWS: &str = "the name of a zone in Windows";
const CITY: &str = "the city of this zone";

/// The names of countries, and of parts of them, that are IANA names.
const COUNTRIES: [&str; 24] = [
    "Cuba",
    "Egypt",
    "Eire",
    "GB",
    "GB-Eire",
    "Hongkong",
    "Iceland",
    "Iran",
    "Israel",
    "Jamaica",
    "Japan",
    "Kwajalein",
    "Libya",
    "NZ",
    "NZ-CHAT",
    "Navajo",
    "PRC",
    "Poland",
    "Portugal",
    "ROC",
    "ROK",
    "Singapore",
    "Turkey",
    "W-SU",
];
/// Parts of the database that are not zones, or not as everybody else has them.
const NOT_ZONES: [&str; 2] = ["posix/", "right/"];
/// The largest offset of a zone.
pub(super) const MAX_OFFSET_SECONDS: i32 = 14 * 60 * 60;

/// Returns the time zone that the user named in an option or a setting: as in a file, or `local` for the zone of this machine.
pub fn zone(name: &str) -> Result<TimeZone, Error> {
    if name.trim().eq_ignore_ascii_case("local") {
        return system_zone();
    }
    Ok(interpret_zone(name)?.result)
}

/// Returns the time zone that a file or a script names: `UTC`, an offset, an IANA name, a name of Windows, or a city that is part
/// of exactly one IANA name. Everything but IANA names is pointed at.
pub fn interpret_zone(name: &str) -> Result<Interpreted<TimeZone>, ZoneError> {
    let name = trim_invisible(name);
    if name.is_empty() {
        return Err(ZoneError::Empty);
    }
    if name.eq_ignore_ascii_case("UTC") || name.eq_ignore_ascii_case("Z") {
        return Ok(Interpreted::plain(TimeZone::UTC));
    }
    if let Some(minutes) = offset_minutes(name) {
        return fixed_zone(name, minutes);
    }
    if let Some(zone) = iana_zone(name) {
        return Ok(point_at_inverted_sign(name, zone));
    }
    if !zones_of_abbreviation(name).is_empty() {
        return Err(ZoneError::Abbreviation {
            name: name.to_owned(),
            zones: zones_of_abbreviation(name),
        });
    }
    if let Some(iana) = windows_zone(name) {
        return named(name, iana, WINDOWS);
    }
    match zone_of_city(name) {
        Some(iana) => named(name, iana, CITY),
        None => Err(ZoneError::refused(name)),
    }
}

/// Returns the name of a zone as [`interpret_zone`] reads it.
pub fn readable_name(zone: &TimeZone) -> String {
    zone.to_fixed_offset()
        .map_or_else(|_| zone_name(zone), utc_offset)
}

/// Adds the offset at `time` to an interpretation that names its zone: a name does not say how far it is from UTC.
pub fn with_offset_at(interpretation: Interpretation, time: &DateTime) -> Interpretation {
    if interpretation.reading.as_ref() != Some(&time.zone_name()) {
        return interpretation;
    }
    let offset = utc_offset(time.zoned().offset());
    let day = time.zoned().date();
    Interpretation {
        reading: interpretation
            .reading
            .map(|zone| format!("{zone}, {offset} on {day}")),
        ..interpretation
    }
}

fn named(name: &str, iana: &str, remark: &'static str) -> Result<Interpreted<TimeZone>, ZoneError> {
    let zone = lookup(iana).ok_or_else(|| ZoneError::refused(name))?;
    let reading = zone_name(&zone);
    Ok(Interpreted {
        result: zone,
        interpretations: vec![Interpretation::with_reading(name, remark, reading)],
    })
}

/// Returns the zone of an IANA name with a slash, or of a country.
fn iana_zone(name: &str) -> Option<TimeZone> {
    let name: Cow<'_, str> = if name.contains(' ') {
        name.replace(' ', "_").into()
    } else {
        name.into()
    };
    let is_country = || {
        COUNTRIES
            .iter()
            .any(|each| each.eq_ignore_ascii_case(&name))
    };
    let is_excluded = || {
        let lower = name.to_lowercase();
        NOT_ZONES.iter().any(|prefix| lower.starts_with(prefix))
    };
    if !(name.contains('/') || is_country()) || is_excluded() {
        return None;
    }
    lookup(&name)
}

/// Looks an IANA name up in the database of this machine. Some machines lack old names, so the built-in database comes next.
fn lookup(name: &str) -> Option<TimeZone> {
    let bundled = || TimeZoneDatabase::bundled().get(name);
    TimeZone::get(name).or_else(|_| bundled()).ok()
}

fn point_at_inverted_sign(name: &str, zone: TimeZone) -> Interpreted<TimeZone> {
    let is_inverted = zone
        .iana_name()
        .is_some_and(|iana| iana.starts_with("Etc/GMT"));
    let offset = zone.to_offset(Timestamp::UNIX_EPOCH);
    let mut interpreted = Interpreted::plain(zone);
    if is_inverted && !offset.is_zero() {
        let reading = utc_offset(offset);
        interpreted
            .interpretations
            .push(Interpretation::with_reading(name, INVERTED, reading));
    }
    interpreted
}

/// Returns the minutes of an offset with its everyday sign: `UTC+2`, `GMT-5:30`, `+02:00`.
fn offset_minutes(name: &str) -> Option<i32> {
    let prefix = name
        .get(..3)
        .filter(|prefix| prefix.eq_ignore_ascii_case("UTC") || prefix.eq_ignore_ascii_case("GMT"));
    let offset = prefix.map_or(name, |prefix| &name[prefix.len()..]);
    let (sign, digits) = match offset.chars().next()? {
        '+' => (1, &offset[1..]),
        '-' => (-1, &offset[1..]),
        '\u{2212}' => (-1, &offset['\u{2212}'.len_utf8()..]),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "00"));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let hour_digits = if prefix.is_some() { 1..=2 } else { 2..=2 };
    if !hour_digits.contains(&hours.len()) || minutes.len() != 2 {
        return None;
    }
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn fixed_zone(name: &str, minutes: i32) -> Result<Interpreted<TimeZone>, ZoneError> {
    let offset = Offset::from_seconds(minutes * 60)
        .ok()
        .filter(|offset| offset.seconds().abs() <= MAX_OFFSET_SECONDS);
    let Some(offset) = offset else {
        return Err(ZoneError::TooFar {
            name: name.to_owned(),
        });
    };
    Ok(Interpreted {
        interpretations: vec![Interpretation::with_reading(
            name,
            FIXED,
            utc_offset(offset),
        )],
        result: TimeZone::fixed(offset),
    })
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
