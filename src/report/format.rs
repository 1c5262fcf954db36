//! Numbers, shares, times and lengths of time as the reports show them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::time::DateTime;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A number of rows, as wide as any report needs.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Share(f64);

impl Share {
    pub(super) fn of(part: u32, whole: u32) -> Self {
        Self::ratio(f64::from(part), f64::from(whole))
    }

    pub(super) fn ratio(part: f64, whole: f64) -> Self {
        let ratio = part / whole;
        Self(if ratio.is_finite() {
            ratio.clamp(0.0, 1.0)
        } else {
            0.0
        })
    }

    /// As a length in an SVG: `37.5%`.
    pub(super) fn length(self) -> String {
        format!("{:.2}%", self.0 * 100.0)
    }
}

/// As people read it: whole percents.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.0 * 100.0;
        if percent > 0.0 && percent < 1.0 {
            f.write_str("<1%")
        } else if percent > 99.0 && percent < 100.0 {
            f.write_str(">99%")
        } else {
            write!(f, "{percent:.0}%")
        }
    }
}

/// A length of time, with at most two units: `45 min`, `1 h 20 min`, `3 d 4 h`.
pub(super) fn format_duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let two = |whole: i64, unit: &str, rest: i64, small: &str| match rest {
        0 => format!("{whole} {unit}"),
        rest => format!("{whole} {unit} {rest} {small}"),
    };
    if seconds < MINUTE {
        format!("{seconds} s")
    } else if seconds < HOUR {
        format!("{} min", seconds / MINUTE)
    } else if seconds < 2 * DAY {
        two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "min")
    } else {
        two(seconds / DAY, "d", seconds % DAY / HOUR, "h")
    }
}

/// How far off a moment is, seen from now: `in 3 d 4 h`, `2 h ago`.
pub(super) fn distance(moment: Timestamp, now: Timestamp) -> String {
    let seconds = moment.as_second() - now.as_second();
    let length = format_duration(coarse(seconds.abs()));
    if seconds >= 0 {
        format!("in {length}")
    } else {
        format!("{length} ago")
    }
}

/// Drops what nobody counts: minutes beside hours, hours beside many days.
fn coarse(seconds: i64) -> i64 {
    match seconds {
        ..HOUR => seconds,
        HOUR..DAY => seconds - seconds % HOUR,
        _ => seconds - seconds % DAY,
    }
}

/// Whose time it is, and when the report was made: what a moment is shown against.
#[derive(Clone, Debug)]
pub(super) struct TimeContext {
    pub(super) now: Timestamp,
    zone: TimeZone,
    pub(super) year: i16,
}

impl TimeContext {
    pub(super) fn at(made_at: &DateTime) -> Self {
        Self::with_now(made_at, made_at.timestamp())
    }

    /// The clock of a report that was made at another time than its deadlines are judged by.
    pub(super) fn with_now(made_at: &DateTime, now: Timestamp) -> Self {
        Self {
            now,
            zone: made_at.zoned().time_zone().clone(),
            year: made_at.zoned().year(),
        }
    }

    pub(super) fn date(&self, instant: Timestamp) -> Date {
        self.local(instant).date()
    }

    pub(super) fn local(&self, instant: Timestamp) -> jiff::civil::DateTime {
        instant.to_zoned_datetime(self.zone.clone()).datetime()
    }

    /// A moment for a table: `7 Feb, 17:00`, with the year where it is another one.
    pub(super) fn moment(&self, instant: Timestamp) -> FormattedTime {
        let local = self.local(instant);
        let pattern = if local.year() == self.year {
            "%-d %b, %H:%M"
        } else {
            "%-d %b %Y, %H:%M"
        };
        FormattedTime {
            sort: instant.as_second(),
            text: local.strftime(pattern).to_string(),
            machine: instant.to_string(),
        }
    }

    /// A day: `Fri 7 Feb`, with the year where it is another one.
    pub(super) fn day(&self, date: Date) -> String {
        let pattern = if date.year() == self.year {
            "%a %-d %b"
        } else {
            "%a %-d %b %Y"
        };
        date.strftime(pattern).to_string()
    }
}

/// The time a report was made at, in full.
pub(super) fn made_at(at: &DateTime) -> String {
    at.format("%A %-d %B %Y, %H:%M")
        .unwrap_or_else(|_| at.to_string())
}

/// A moment in a table, in the zone of the report.
#[derive(Clone, Debug)]
pub(super) struct FormattedTime {
    pub(super) sort: i64,
    pub(super) text: String,
    pub(super) machine: String,
}
