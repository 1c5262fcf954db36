//! Reading dates as people and files write them. What could mean several times is refused.

use jiff::civil::{self, Date, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset, TimeZoneAnnotation, TimeZoneAnnotationKind};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::rules::ReadingRules;
use super::spelled::{self, Spelled, compact_date};
use super::zone_error::ZoneError;
use super::zone_names::MAX_OFFSET_SECONDS;
use super::{DateTime, Error};
use crate::interpretation::{Interpretation, Interpreted};
use crate::text::trim_invisible;

const MIDNIGHT: &str = "a deadline at 00:00 ends before that day begins";
const TWICE: &str = "the clocks show this time twice, and the first one is used";
const SERIAL: &str = "the number of a day in a spreadsheet, counted from 1900";
/// The numbers that spreadsheets store for the years 2000 to 2099.
const SERIALS: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.999_99;

/// A time as it was written: a date, and perhaps a time of day and a zone.
#[derive(Debug)]
struct Written {
    date: Date,
    time: Option<Time>,
    offset: Option<WrittenOffset>,
    /// The zone in brackets after the time.
    zone: Option<TimeZone>,
    interpretations: Vec<Interpretation>,
}

#[derive(Clone, Copy, Debug)]
enum WrittenOffset {
    /// `Z`, which says nothing about the zone.
    Utc,
    Offset(Offset),
}

/// What a time without a zone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalTimes {
    /// A time without a zone is an error.
    Refused,
    /// A time without a zone is in the zone that is passed.
    Allowed,
}

/// Reads an instant, or a date as its first second in `zone`.
pub fn parse(
    text: &str,
    zone: &TimeZone,
    local_times: LocalTimes,
    rules: &ReadingRules,
) -> Result<Interpreted<DateTime>, Error> {
    let text = trim_invisible(text);
    read(text, rules)?.resolve(text, zone, local_times, DateTime::start_of_day)
}

/// Reads a deadline: an instant, or a date, which means its last second in `zone`.
pub fn parse_deadline(
    text: &str,
    zone: &TimeZone,
    local_times: LocalTimes,
    rules: &ReadingRules,
) -> Result<Interpreted<DateTime>, Error> {
    let text = trim_invisible(text);
    read(text, rules)?.resolve(text, zone, local_times, DateTime::end_of_day)
}

/// Reads a date; of a time, the date as written.
pub fn parse_date(text: &str) -> Result<Date, Error> {
    Ok(read(trim_invisible(text), &ReadingRules::default())?.date)
}

impl Written {
    fn of_date(date: Date) -> Self {
        Self {
            date,
            time: None,
            offset: None,
            zone: None,
            interpretations: Vec::new(),
        }
    }

    /// Finds the instant that was written. `of_day` returns the instant that a date without a time of day means.
    fn resolve(
        self,
        text: &str,
        zone: &TimeZone,
        local_times: LocalTimes,
        of_day: impl Fn(&DateTime) -> Result<DateTime, Error>,
    ) -> Result<Interpreted<DateTime>, Error> {
        let mut interpretations = self.interpretations;
        let out_of_range = |error| match error {
            Error::OutOfRange => Error::BeyondRange {
                text: text.to_owned(),
            },
            other => other,
        };
        let Some(time) = self.time else {
            let zone = self.zone.as_ref().unwrap_or(zone);
            let noon = self.date.at(12, 0, 0, 0).to_zoned_datetime(zone.clone());
            let day = noon.map_err(|_| Error::OutOfRange).map(DateTime::new);
            let result = day.and_then(|day| of_day(&day)).map_err(out_of_range)?;
            // Samoa had no 30 December 2011.
            if result.zoned().date() != self.date {
                return Err(Error::SkippedTime {
                    text: text.to_owned(),
                    zone: super::zone_name(zone),
                });
            }
            return Ok(Interpreted {
                result,
                interpretations,
            });
        };
        if time.hour() == 0 && time.minute() == 0 && time.second() == 0 {
            interpretations.push(Interpretation::new(text, MIDNIGHT));
        }
        let local = self.date.to_datetime(time);
        let result = match (self.offset, self.zone) {
            (Some(offset), written) => at_offset(text, local, offset, written, zone)?,
            (None, Some(written)) => in_zone(text, local, &written, &mut interpretations)?,
            (None, None) if local_times == LocalTimes::Allowed => {
                in_zone(text, local, zone, &mut interpretations)?
            }
            (None, None) => {
                return Err(Error::MissingZone {
                    text: text.to_owned(),
                });
            }
        };
        Ok(Interpreted {
            result,
            interpretations,
        })
    }
}

/// Returns the instant at an offset that was written, and in the zone that was written next to it.
fn at_offset(
    text: &str,
    local: civil::DateTime,
    offset: WrittenOffset,
    written: Option<TimeZone>,
    zone: &TimeZone,
) -> Result<DateTime, Error> {
    let (offset, other_zone, is_zone) = match offset {
        WrittenOffset::Utc => (Offset::UTC, zone.clone(), false),
        WrittenOffset::Offset(offset) => (offset, TimeZone::fixed(offset), true),
    };
    let instant: Timestamp = offset.to_timestamp(local).map_err(|_| Error::BeyondRange {
        text: text.to_owned(),
    })?;
    let Some(written) = written else {
        return Ok(DateTime::of(instant, &other_zone));
    };
    if is_zone && written.to_offset(instant) != offset {
        return Err(Error::OffsetConflict {
            text: text.to_owned(),
        });
    }
    Ok(DateTime::of(instant, &written))
}

/// Returns a local time in a zone, if the clocks show it there.
fn in_zone(
    text: &str,
    local: civil::DateTime,
    zone: &TimeZone,
    interpretations: &mut Vec<Interpretation>,
) -> Result<DateTime, Error> {
    let time = zone.clone().into_ambiguous_zoned_datetime(local);
    let offset = time.offset();
    if let AmbiguousOffset::Gap { .. } = offset {
        return Err(Error::SkippedTime {
            text: text.to_owned(),
            zone: super::zone_name(zone),
        });
    }
    let first = time.earlier().map_err(|_| Error::BeyondRange {
        text: text.to_owned(),
    })?;
    if let AmbiguousOffset::Fold { .. } = offset {
        let reading = first.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
        interpretations.push(Interpretation::with_reading(text, TWICE, reading));
    }
    Ok(DateTime::new(first))
}

fn read(text: &str, rules: &ReadingRules) -> Result<Written, Error> {
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if let Some(letter) = text.chars().find(|c| !c.is_ascii() && !c.is_alphabetic()) {
        return Err(Error::UnusualCharacter {
            text: text.to_owned(),
            letter,
        });
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.matches('.').count() < 2
    {
        return read_number(text, rules);
    }
    if let Ok(pieces) = Pieces::parse(text) {
        return read_pieces(text, &pieces, rules);
    }
    match spelled::read(text, rules.dates.order) {
        Ok(Spelled {
            date,
            time,
            interpretations,
        }) => Ok(Written {
            time,
            interpretations,
            ..Written::of_date(date)
        }),
        Err(Error::NotADate { text }) => read_with_zone(text, rules),
        Err(error) => Err(error),
    }
}

/// Reads a time that is followed by its zone, `2027-02-01 17:00 Europe/Berlin`, or else says what is wrong with a text.
fn read_with_zone(text: String, rules: &ReadingRules) -> Result<Written, Error> {
    if let Some(letter) = other_alphabet(&text) {
        return Err(Error::UnusualCharacter { text, letter });
    }
    let Some(after) = spelled::text_after_date(&text, rules.dates.order) else {
        return Err(Error::NotADate { text });
    };
    if let Some((time, zone)) = text.rsplit_once(' ')
        && time.len() > text.len() - after.len()
        && let Ok(written) = read(time, rules)
        && written.time.is_some()
        && written.offset.is_none()
        && written.zone.is_none()
    {
        match rules.zones.interpret(zone) {
            Ok(zone) => {
                let interpretations = [written.interpretations, zone.interpretations].concat();
                return Ok(Written {
                    zone: Some(zone.result),
                    interpretations,
                    ..written
                });
            }
            Err(ZoneError::Unknown { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let after = after.to_owned();
    Err(Error::AfterDate { text, after })
}

/// Returns a letter of another alphabet in a word with digits or English letters, which it may look like.
fn other_alphabet(text: &str) -> Option<char> {
    let separates = |c: char| c.is_ascii_whitespace() || c.is_ascii_punctuation();
    let mut words = text.split(separates);
    words.find_map(|word| {
        let other = word.chars().find(|c| *c > '\u{24F}')?;
        word.contains(|c: char| c.is_ascii_alphanumeric())
            .then_some(other)
    })
}

/// Reads the form of ISO 8601 and RFC 9557.
fn read_pieces(text: &str, pieces: &Pieces<'_>, rules: &ReadingRules) -> Result<Written, Error> {
    let mut interpretations = Vec::new();
    let zone = match pieces.time_zone_annotation().map(TimeZoneAnnotation::kind) {
        None => None,
        Some(TimeZoneAnnotationKind::Named(name)) => {
            let zone = rules.zones.interpret(name.as_str())?;
            interpretations.extend(zone.interpretations);
            Some(zone.result)
        }
        Some(TimeZoneAnnotationKind::Offset(offset)) => Some(TimeZone::fixed(*offset)),
        Some(_) => {
            return Err(Error::NotADate {
                text: text.to_owned(),
            });
        }
    };
    let offset = pieces.offset().map(|offset| match offset {
        PiecesOffset::Zulu => WrittenOffset::Utc,
        other => WrittenOffset::Offset(other.to_numeric_offset()),
    });
    if let Some(WrittenOffset::Offset(offset)) = offset
        && offset.seconds().abs() > MAX_OFFSET_SECONDS
    {
        let name = offset.to_string();
        return Err(ZoneError::TooFar { name }.into());
    }
    Ok(Written {
        date: pieces.date(),
        time: pieces.time(),
        offset,
        zone,
        interpretations,
    })
}

/// Reads `20270201`, and with the rule for it the number that a spreadsheet stores for a day.
fn read_number(text: &str, rules: &ReadingRules) -> Result<Written, Error> {
    let not_a_date = || Error::NotADate {
        text: text.to_owned(),
    };
    if text.len() == "20270201".len() && !text.contains('.') {
        return compact_date(text)
            .map(Written::of_date)
            .ok_or_else(not_a_date);
    }
    let number: f64 = text.parse().map_err(|_| not_a_date())?;
    if !SERIALS.contains(&number) {
        return Err(not_a_date());
    }
    if !rules.dates.serials {
        return Err(Error::SpreadsheetSerial {
            text: text.to_owned(),
        });
    }
    #[expect(clippy::cast_possible_truncation, reason = "a day of this century")]
    let seconds = (number * 86_400.0).round() as i64;
    // Spreadsheets treat 1900 as a leap year, so their day 0 is a day earlier than 31 December 1899.
    let local = Date::constant(1899, 12, 30)
        .to_datetime(Time::midnight())
        .checked_add(SignedDuration::from_secs(seconds))
        .map_err(|_| not_a_date())?;
    let time = Some(local.time()).filter(|time| *time != Time::midnight());
    let reading = match time {
        Some(_) => local.strftime("%Y-%m-%d %H:%M").to_string(),
        None => local.date().to_string(),
    };
    Ok(Written {
        time,
        interpretations: vec![Interpretation::with_reading(text, SERIAL, reading)],
        ..Written::of_date(local.date())
    })
}
