//! The time between two points in time.

use std::fmt;

use crate::text::count;
use jiff::SignedDuration;

/// The time between two points in time; negative if the second one is earlier.
///
/// It is elapsed time: a day is 24 hours, even if the clocks change in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration(SignedDuration);

impl Duration {
    pub(super) fn new(elapsed: SignedDuration) -> Self {
        Self(elapsed)
    }

    /// Returns the whole days, rounded towards zero.
    pub fn days(self) -> i64 {
        self.hours() / 24
    }

    /// Returns the whole hours, including those of the days, rounded towards zero.
    pub fn hours(self) -> i64 {
        self.0.as_hours()
    }

    /// Returns the whole minutes, including those of the hours, rounded towards zero.
    pub fn minutes(self) -> i64 {
        self.0.as_mins()
    }
}

/// Shows the two largest units: `2 days 11 hours`, `-1 hour 5 minutes`, `0 minutes`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |number: i64, name: &str| match number.unsigned_abs() {
            0 => None,
            number => Some(count(number, name)),
        };
        let days = unit(self.days(), "day");
        let hours = unit(self.hours() % 24, "hour");
        let minutes = unit(self.minutes() % 60, "minute").filter(|_| days.is_none());
        let units: Vec<String> = [days, hours, minutes].into_iter().flatten().collect();
        match units.as_slice() {
            [] => f.write_str("0 minutes"),
            units => {
                let sign = if self.0.is_negative() { "-" } else { "" };
                write!(f, "{sign}{}", units.join(" "))
            }
        }
    }
}
