//! Business days: Monday to Friday, except holidays.
//!
//! The rule is that of WORKDAY in spreadsheets (ECMA-376, SpreadsheetML): the start is not counted, so one business day
//! after Saturday is Monday, and zero business days is the start itself. It is a few lines on top of jiff; the crates for
//! it (`bdays`, `business`, `business-days`) depend on chrono, or bring the calendars of single countries.

use std::collections::BTreeSet;
use std::ops::Bound;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _, Unit};

use super::{DateTime, Error, parse_date};

/// Days that are not business days, in addition to Saturdays and Sundays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<Date>);

impl Holidays {
    /// Adds the day of `time` in its zone.
    pub fn add_day_of(&mut self, time: &DateTime) {
        self.0.insert(time.zoned().date());
    }

    /// Adds the day `text`, such as `2030-12-25`.
    pub fn add(&mut self, text: &str) -> Result<(), Error> {
        self.0.insert(parse_date(text)?);
        Ok(())
    }

    /// Returns whether `date` is a business day.
    pub fn is_business_day(&self, date: Date) -> bool {
        !is_weekend(date) && !self.0.contains(&date)
    }

    /// Counts the business days after `from`, up to and with `to`, which is not earlier.
    pub(super) fn count_after(&self, from: Date, to: Date) -> i64 {
        let days = days_between(from, to);
        let (weeks, rest) = (days / 7, days % 7);
        // The days of the whole weeks are the same for every start, so only the others are looked at.
        let others = from
            .series(1.day())
            .skip(1)
            .take(usize::try_from(rest).unwrap_or(0));
        let weekdays = weeks * 5 + count(others.filter(|day| !is_weekend(*day)));
        if from == to {
            return 0;
        }
        let passed = self.0.range((Bound::Excluded(from), Bound::Included(to)));
        weekdays - count(passed.filter(|day| !is_weekend(**day)))
    }

    /// Returns the date `days` business days after `date`, or before it if `days` is negative.
    pub fn offset(&self, date: Date, days: i64) -> Result<Date, Error> {
        let mut reached = date;
        let mut remaining = days;
        while remaining != 0 {
            let from = reached;
            reached = offset_weekdays(from, remaining)?;
            // Holidays on the way were counted as weekdays: that many days remain.
            let passed = self.0.range(from.min(reached)..=from.max(reached));
            let skipped_holidays = passed.filter(|day| **day != from && !is_weekend(**day));
            remaining =
                i64::try_from(skipped_holidays.count()).unwrap_or(i64::MAX) * remaining.signum();
        }
        Ok(reached)
    }
}

impl DateTime {
    /// Returns whether its day, in its zone, is a business day.
    pub fn is_business_day(&self, holidays: &Holidays) -> bool {
        holidays.is_business_day(self.zoned().date())
    }

    /// Returns the same time of day `days` business days later.
    pub fn plus_business_days(&self, days: i64, holidays: &Holidays) -> Result<Self, Error> {
        if days == 0 {
            return Ok(self.clone());
        }
        let date = holidays.offset(self.zoned().date(), days)?;
        self.on(date.to_datetime(self.zoned().time()))
    }
}

/// Returns the date `days` weekdays after `date`. A weekend counts as the Friday before it when going forward, and as the
/// Monday after it when going back.
fn offset_weekdays(date: Date, days: i64) -> Result<Date, Error> {
    let weekday = i64::from(date.weekday().to_monday_zero_offset());
    let (from, shift) = match weekday {
        5 | 6 if days > 0 => (4, 4 - weekday),
        5 | 6 => (0, 7 - weekday),
        _ => (weekday, 0),
    };
    let counted = from.checked_add(days).ok_or(Error::OutOfRange)?;
    let whole = counted
        .div_euclid(5)
        .checked_mul(7)
        .and_then(|weeks| weeks.checked_add(counted.rem_euclid(5) - from + shift))
        .ok_or(Error::OutOfRange)?;
    Span::new()
        .try_days(whole)
        .and_then(|span| date.checked_add(span))
        .map_err(|_| Error::OutOfRange)
}

/// Returns the number of days from one date to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    let span = from.until((Unit::Day, to));
    span.map_or(0, |span| i64::from(span.get_days()))
}

fn count(days: impl Iterator) -> i64 {
    i64::try_from(days.count()).unwrap_or(i64::MAX)
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
