//! Parsing dates as people and files write them, and rejecting ambiguous ones.

use jiff::civil;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

use super::other_formats::unsupported_format;
use super::{DateTime, Error};

/// A parsed time: complete, or without time of day or zone.
enum ParsedTime {
    Instant(ZonedDateTime),
    Date(civil::Date),
    Local(civil::DateTime),
}

/// Parses an instant, or a date as its first second in `zone`.
///
/// With `local_allowed`, a date and time without a zone is in `zone`.
///
/// # Errors
/// The text is not a date, is ambiguous, or has a time without a zone and `local_allowed` is not set.
pub fn parse(text: &str, zone: &TimeZone, local_allowed: bool) -> Result<DateTime, Error> {
    match read(text, zone)? {
        ParsedTime::Instant(instant) => Ok(DateTime::new(instant)),
        ParsedTime::Date(date) => in_zone(date.to_datetime(civil::Time::midnight()), zone),
        ParsedTime::Local(local) if local_allowed => in_zone(local, zone),
        ParsedTime::Local(_) => Err(Error::MissingZone {
            text: text.trim().to_owned(),
        }),
    }
}

/// Parses a deadline: an instant, or a date, which means its last second in `zone`.
///
/// # Errors
/// The text is not a date, is ambiguous, or has a time without a zone.
pub fn parse_deadline(text: &str, zone: &TimeZone) -> Result<DateTime, Error> {
    match read(text, zone)? {
        ParsedTime::Date(date) => {
            in_zone(date.to_datetime(civil::Time::midnight()), zone)?.end_of_day()
        }
        _ => parse(text, zone, false),
    }
}

/// Parses a date; of an instant, the date as written.
///
/// # Errors
/// The text is not a date, or is ambiguous.
pub fn parse_date(text: &str) -> Result<civil::Date, Error> {
    match read(text, &TimeZone::UTC)? {
        ParsedTime::Date(date) => Ok(date),
        ParsedTime::Instant(instant) => Ok(instant.date()),
        ParsedTime::Local(local) => Ok(local.date()),
    }
}

fn in_zone(local: civil::DateTime, zone: &TimeZone) -> Result<DateTime, Error> {
    local
        .to_zoned_datetime(zone.clone())
        .map(DateTime::new)
        .map_err(|_| Error::OutOfRange)
}

fn read(text: &str, zone: &TimeZone) -> Result<ParsedTime, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if let Ok(instant) = text.parse::<ZonedDateTime>() {
        return Ok(ParsedTime::Instant(instant));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        let zone = explicit_offset(text).map_or_else(|| zone.clone(), TimeZone::fixed);
        return Ok(ParsedTime::Instant(instant.to_zoned_datetime(zone)));
    }
    // jiff would read `2025-02-01` as a date-time at midnight, so dates are recognized by their length.
    if text.len() == "2025-02-01".len() {
        if let Ok(date) = text.parse::<civil::Date>() {
            return Ok(ParsedTime::Date(date));
        }
    } else if let Ok(local) = text.parse::<civil::DateTime>() {
        return Ok(ParsedTime::Local(local));
    }
    Err(unsupported_format(text))
}

/// Returns the offset that an instant is written with, unless it is `Z`, which does not name a zone.
fn explicit_offset(text: &str) -> Option<Offset> {
    Pieces::parse(text)
        .ok()?
        .to_numeric_offset()
        .filter(|_| !text.ends_with(['Z', 'z']))
}
