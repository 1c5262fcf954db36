//! Months and weeks, and the days between two times.

use jiff::civil::{Date, DateTime as LocalDateTime, Weekday};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};

use super::business::days_between;
use super::{DateTime, Error, Holidays};

impl DateTime {
    /// Returns the same day and time of day `months` months later; if that month is shorter, its last day.
    pub fn plus_months(&self, months: i64) -> Result<Self, Error> {
        let later = Span::new()
            .try_months(months)
            .and_then(|span| self.zoned().checked_add(span));
        later.map(Self::new).map_err(|_| Error::OutOfRange)
    }

    /// Returns the start of the Monday on or before the day.
    pub fn start_of_week(&self) -> Result<Self, Error> {
        let date = self.zoned().date();
        let days = date.weekday().since(Weekday::Monday);
        let monday = date.checked_sub(i64::from(days).days());
        self.start_of(monday.map_err(|_| Error::OutOfRange)?)
    }

    /// Returns the start of the first day of the month.
    pub fn start_of_month(&self) -> Result<Self, Error> {
        self.start_of(self.zoned().date().first_of_month())
    }

    fn start_of(&self, date: Date) -> Result<Self, Error> {
        self.on(date.at(0, 0, 0, 0))?.start_of_day()
    }

    /// Returns the number of midnights until `other`, both in the zone of this time. It is negative if `other` is on an
    /// earlier day.
    pub fn days_until(&self, other: &Self) -> i64 {
        let (from, to) = self.dates(other);
        days_between(from, to)
    }

    /// Returns the number of business days after the day of this time, up to and with that of `other`, both in the zone of
    /// this time. It is negative if `other` is on an earlier day.
    pub fn business_days_until(&self, other: &Self, holidays: &Holidays) -> i64 {
        let (from, to) = self.dates(other);
        if to < from {
            // As `plus_business_days`, which does not count its start in either direction.
            return -holidays.count_after(
                to.yesterday().unwrap_or(to),
                from.yesterday().unwrap_or(from),
            );
        }
        holidays.count_after(from, to)
    }

    fn dates(&self, other: &Self) -> (Date, Date) {
        let other = other.in_tz(self.zoned().time_zone().clone());
        (self.zoned().date(), other.zoned().date())
    }
}

/// Reads `text` in the form of the strftime `pattern`, and returns whether it has a time of day. A date is its first second. A time
/// without offset or zone is in `zone`.
pub fn parse_with_pattern(
    text: &str,
    pattern: &str,
    zone: &TimeZone,
) -> Result<(DateTime, bool), Error> {
    // What the pattern makes of a time shows whether it is a pattern at all.
    DateTime::of(jiff::Timestamp::UNIX_EPOCH, zone).format(pattern)?;
    let other_form = |_| Error::NotInPattern {
        text: text.trim().to_owned(),
        pattern: pattern.to_owned(),
    };
    let parsed = BrokenDownTime::parse(pattern, text.trim()).map_err(other_form)?;
    if parsed.offset().is_some() || parsed.iana_time_zone().is_some() {
        let instant = parsed.to_zoned_datetime().or_else(|_| {
            parsed
                .to_timestamp()
                .map(|instant| instant.to_zoned_datetime(zone.clone()))
        });
        return instant
            .map(|instant| (DateTime::new(instant), true))
            .map_err(other_form);
    }
    let date = parsed.to_date().map_err(other_form)?;
    let local = match parsed.hour() {
        Some(_) => parsed.to_datetime().map_err(other_form)?,
        None => LocalDateTime::from(date),
    };
    local
        .to_zoned_datetime(zone.clone())
        .map(|time| (DateTime::new(time), parsed.hour().is_some()))
        .map_err(|_| Error::OutOfRange)
}
