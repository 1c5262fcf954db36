//! Formats numbers, shares, times, durations and statuses for the reports.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::session_status::SessionStatus;
use crate::time::{DateTime, zone_name};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Converts a number of rows to the type that the reports count with.
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

    /// Formats the share as a length in an SVG: `37.50%`.
    pub(super) fn length(self) -> String {
        format!("{:.2}%", self.0 * 100.0)
    }
}

/// Whole percents.
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

/// Formats a duration with at most two units: `45 min`, `1 h 20 min`, `3 d 4 h`.
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

/// Formats a day relative to today: `today`, `in 7 days`, `yesterday`.
pub(super) fn relative_day(day: Date, today: Date) -> String {
    match (day - today).get_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days @ 2.. => format!("in {days} days"),
        days => format!("{} days ago", days.unsigned_abs()),
    }
}

/// The zone and the reference time for display.
#[derive(Clone, Debug)]
pub(super) struct TimeContext {
    pub(super) now: Timestamp,
    zone: TimeZone,
    pub(super) year: i16,
}

impl TimeContext {
    /// Takes the time at which the report was created as the reference.
    pub(super) fn at_creation(made_at: &DateTime) -> Self {
        Self::with_now(made_at, made_at.timestamp())
    }

    /// Takes `now` as the reference for deadlines, and the zone of `made_at`.
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

    /// Formats an instant for a table: `7 Feb, 17:00`, with the year unless it is the current one.
    pub(super) fn format_instant(&self, instant: Timestamp) -> FormattedTime {
        self.format_local(instant, self.local(instant))
    }

    /// Formats a deadline for a table in its own zone, which is named unless it is that of the report.
    pub(super) fn format_deadline(&self, due_at: &DateTime) -> FormattedTime {
        let mut formatted = self.format_local(due_at.timestamp(), due_at.zoned().datetime());
        let zone = due_at.zone_name();
        if zone != zone_name(&self.zone) {
            let _ = write!(formatted.text, " {zone}");
        }
        formatted
    }

    fn format_local(&self, instant: Timestamp, local: jiff::civil::DateTime) -> FormattedTime {
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

    /// Formats a day: `Fri 7 Feb`, with the year unless it is the current one.
    pub(super) fn day(&self, date: Date) -> String {
        let pattern = if date.year() == self.year {
            "%a %-d %b"
        } else {
            "%a %-d %b %Y"
        };
        date.strftime(pattern).to_string()
    }
}

/// Formats a time in full, for the head of a report.
pub(super) fn format_long(at: &DateTime) -> String {
    at.format("%A %-d %B %Y, %H:%M")
        .unwrap_or_else(|_| at.to_string())
}

/// An instant as text, as a number to sort by, and in ISO 8601.
#[derive(Clone, Debug)]
pub(super) struct FormattedTime {
    pub(super) sort: i64,
    pub(super) text: String,
    pub(super) machine: String,
}

/// Formats a name of the API: `in_progress` is `In progress`.
pub(super) fn label(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    match letters.next() {
        None => "Unknown".to_owned(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
    }
}

/// Returns the CSS class of a status; undocumented ones share `other`.
pub(super) fn status_class(status: &str) -> &'static str {
    SessionStatus::of(status).map_or("other", SessionStatus::name)
}

/// Formats points without a needless fraction: `82`, `82.5`.
pub(super) fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0")
        .map(ToOwned::to_owned)
        .unwrap_or(text)
}
