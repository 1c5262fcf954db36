//! A point in time with a time zone.

use std::cmp::Ordering;
use std::fmt;

use jiff::civil::Weekday;
use jiff::fmt::strtime;
use jiff::fmt::temporal::{DateTimeParser, Pieces};
use jiff::tz::{AmbiguousOffset, OffsetConflict, TimeZone};
use jiff::{Span, Timestamp, ToSpan as _, ZonedDateTime, civil};

use super::{Duration, Error, clock_time, zone_name};

/// The longest pattern of a date or time, in bytes.
const MAX_PATTERN: usize = 1000;
/// The characters that are shown of a longer one.
const SHOWN_PATTERN: usize = 20;

/// Lengths in nanoseconds.
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A point in time with a time zone. Two are equal if they are the same instant, whatever their zones.
#[derive(Clone, Debug)]
pub struct DateTime(ZonedDateTime);

impl DateTime {
    /// Wraps a zoned instant.
    pub fn new(zoned: ZonedDateTime) -> Self {
        Self(zoned)
    }

    /// Returns `instant` in `zone`.
    pub fn of(instant: Timestamp, zone: &TimeZone) -> Self {
        Self(instant.to_zoned_datetime(zone.clone()))
    }

    /// Returns the instant without its zone.
    pub fn timestamp(&self) -> Timestamp {
        self.0.timestamp()
    }

    /// Returns the zoned instant, for its calendar fields.
    pub fn zoned(&self) -> &ZonedDateTime {
        &self.0
    }

    /// Returns the same instant in another zone.
    #[must_use]
    pub fn in_tz(&self, zone: TimeZone) -> Self {
        Self(self.0.with_time_zone(zone))
    }

    /// Returns another instant in the same zone, to the second.
    #[must_use]
    pub fn at_instant(&self, instant: Timestamp) -> Self {
        Self(instant.to_zoned_datetime(self.0.time_zone().clone())).to_second()
    }

    /// Returns the same time of day `days` calendar days later.
    ///
    /// A time that the clocks skip on that day moves forward by the length of the gap; of one that occurs twice, the
    /// first is used.
    pub fn plus_days(&self, days: i64) -> Result<Self, Error> {
        self.plus(Span::new().try_days(days))
    }

    /// Returns the instant `hours` hours of elapsed time later.
    pub fn plus_hours(&self, hours: i64) -> Result<Self, Error> {
        self.plus(Span::new().try_hours(hours))
    }

    /// Returns the time `span` later, such as `5 days` or `1 hour 30 minutes`.
    pub fn plus_span(&self, span: &str) -> Result<Self, Error> {
        let parsed: Span = span.trim().parse().map_err(|_| Error::Span {
            text: span.to_owned(),
        })?;
        if parsed.is_negative() {
            return Err(Error::Span {
                text: span.to_owned(),
            });
        }
        self.plus(Ok(parsed))
    }

    /// Returns the same time of day `weeks` weeks later; see [`Self::plus_days`].
    pub fn plus_weeks(&self, weeks: i64) -> Result<Self, Error> {
        self.plus(Span::new().try_weeks(weeks))
    }

    /// Returns the instant `minutes` minutes of elapsed time later.
    pub fn plus_minutes(&self, minutes: i64) -> Result<Self, Error> {
        self.plus(Span::new().try_minutes(minutes))
    }

    /// Returns the same time of day on the next `weekday`, never the day itself; see [`Self::plus_days`].
    pub fn next(&self, weekday: Weekday) -> Result<Self, Error> {
        self.0
            .nth_weekday(1, weekday)
            .map(Self)
            .map_err(|_| Error::OutOfRange)
    }

    /// Returns the time from `earlier` to this one.
    pub fn since(&self, earlier: &Self) -> Duration {
        Duration::new(self.timestamp().duration_since(earlier.timestamp()))
    }

    /// Returns the last second of the day: 23:59:59. If the clocks go back at midnight, it is the second 23:59:59; if they
    /// skip the end of the day, it is the last second before the gap.
    pub fn end_of_day(&self) -> Result<Self, Error> {
        let last = self.0.date().at(23, 59, 59, 0);
        let zone = self.0.time_zone().clone();
        let end = zone.into_ambiguous_zoned_datetime(last);
        // For a skipped time, `earlier` uses the offset after the gap, which leads to a time before the gap.
        let end = match end.offset() {
            AmbiguousOffset::Gap { .. } => end.earlier(),
            _ => end.later(),
        };
        end.map(Self).map_err(|_| Error::OutOfRange)
    }

    /// Returns the start of the current hour.
    pub fn start_of_hour(&self) -> Result<Self, Error> {
        self.minus_nanoseconds(self.since_unit_start(HOUR))
    }

    /// Returns the first start of a `minute`, `hour` or `day` that is not before this time.
    pub fn round_up(&self, unit: &str) -> Result<Self, Error> {
        let length = match unit {
            "minute" => MINUTE,
            "hour" => HOUR,
            "day" => {
                let start = self.start_of_day()?;
                return if start == *self {
                    Ok(start)
                } else {
                    start.plus_days(1)?.start_of_day()
                };
            }
            _ => {
                return Err(Error::UnknownUnit {
                    unit: unit.to_owned(),
                });
            }
        };
        match self.since_unit_start(length) {
            0 => Ok(self.clone()),
            since_unit_start => self.minus_nanoseconds(since_unit_start - length),
        }
    }

    /// Returns the same day at `time`, such as `17:00` or `17:00:30`.
    ///
    /// A time that the clocks skip on that day moves forward by the length of the gap; of one that occurs twice, the
    /// first is used.
    pub fn at(&self, time: &str) -> Result<Self, Error> {
        let time = time.trim();
        let parsed = strtime::parse("%H:%M:%S", time)
            .or_else(|_| strtime::parse("%H:%M", time))
            .and_then(|parsed| parsed.to_time())
            .map_err(|_| Error::Time {
                text: time.to_owned(),
                likely: clock_time::read(time)
                    .map(|clock| clock.time.strftime("%H:%M").to_string()),
            })?;
        self.on(self.0.date().to_datetime(parsed))
    }

    /// Formats it with the strftime `pattern`.
    pub fn format(&self, pattern: &str) -> Result<String, Error> {
        // Such as `%255d`, a few characters can make hundreds.
        if pattern.len() > MAX_PATTERN {
            return Err(Error::Pattern {
                pattern: pattern.chars().take(SHOWN_PATTERN).chain(['…']).collect(),
                reason: format!("it has {} bytes, and may have {MAX_PATTERN}", pattern.len()),
            });
        }
        strtime::format(pattern, &self.0).map_err(|error| Error::Pattern {
            pattern: pattern.to_owned(),
            reason: error.to_string(),
        })
    }

    /// Returns the form for tables: `2025-02-07 23:59 CET`.
    pub fn to_minute(&self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M %Z").to_string()
    }

    /// Returns the form for tables with the name of the zone: `2025-02-07 23:59 Europe/Berlin`.
    pub fn to_minute_and_zone(&self) -> String {
        format!("{} {}", self.0.strftime("%Y-%m-%d %H:%M"), self.zone_name())
    }

    /// Returns the form of the API: `2025-02-01T23:59:59Z`.
    pub fn to_rfc3339(&self) -> String {
        self.0.timestamp().to_string()
    }

    /// Returns the form with instant and zone (RFC 9557): `2025-02-07T23:59:59+01:00[Europe/Berlin]`.
    pub fn to_text(&self) -> String {
        self.0.to_string()
    }

    /// Reads the form of [`Self::to_text`]; `None` if the text has another one.
    ///
    /// The instant is always the one that was written, whatever has happened to the zone since: if its offset has changed, the
    /// local time changes, and a zone that is unknown is replaced by the offset.
    pub fn from_text(text: &str) -> Option<Self> {
        const PARSER: DateTimeParser =
            DateTimeParser::new().offset_conflict(OffsetConflict::AlwaysOffset);
        let read = PARSER.parse_zoned_datetime(text);
        let zoned = read.ok().or_else(|| {
            let pieces = Pieces::parse(text).ok()?;
            let offset = pieces.to_numeric_offset()?;
            let local = pieces.date().to_datetime(pieces.time()?);
            local.to_zoned_datetime(TimeZone::fixed(offset)).ok()
        });
        zoned.map(Self)
    }

    /// Returns the name of the zone.
    pub fn zone_name(&self) -> String {
        zone_name(self.0.time_zone())
    }

    /// Returns the midnight that the day starts with, or the first time of the day if the clocks skip midnight.
    pub fn start_of_day(&self) -> Result<Self, Error> {
        self.0
            .start_of_day()
            .map(Self)
            .map_err(|_| Error::OutOfRange)
    }

    fn plus(&self, span: Result<Span, jiff::Error>) -> Result<Self, Error> {
        span.and_then(|span| self.0.checked_add(span))
            .map(Self)
            .map_err(|_| Error::OutOfRange)
    }

    /// Returns the local time `local` in this zone; see [`Self::plus_days`] for times that are skipped or occur twice.
    pub(super) fn on(&self, local: civil::DateTime) -> Result<Self, Error> {
        local
            .to_zoned_datetime(self.0.time_zone().clone())
            .map(Self)
            .map_err(|_| Error::OutOfRange)
    }

    /// Returns the nanoseconds since the minute or hour started, whose length is `length`.
    fn since_unit_start(&self, length: i64) -> i64 {
        let time = self.0.time();
        let seconds = i64::from(time.minute()) * 60 + i64::from(time.second());
        (seconds * SECOND + i64::from(time.subsec_nanosecond())) % length
    }

    fn minus_nanoseconds(&self, nanoseconds: i64) -> Result<Self, Error> {
        self.0
            .checked_sub(nanoseconds.nanoseconds())
            .map(Self)
            .map_err(|_| Error::OutOfRange)
    }

    /// Drops the fraction of a second.
    #[must_use]
    pub fn to_second(&self) -> Self {
        self.0
            .checked_sub(i64::from(self.0.subsec_nanosecond()).nanoseconds())
            .map_or_else(|_| self.clone(), Self)
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.timestamp() == other.timestamp()
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.timestamp().cmp(&other.timestamp())
    }
}

/// For example `Fri 2025-02-07 23:59:59 Europe/Berlin`.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            self.0.strftime("%a %Y-%m-%d %H:%M:%S"),
            self.zone_name()
        )
    }
}
