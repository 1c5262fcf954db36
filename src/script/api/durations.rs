//! Durations: the time between two DateTimes.

use rhai::INT;
use rhai::plugin::*;

use crate::time::DateTime;

#[export_module]
pub mod functions {
    pub type Duration = crate::time::Duration;

    /// Returns the time from the second DateTime to the first, as a Duration.
    ///
    /// This is elapsed time: a day is always 24 hours, even if the clocks change in between. The Duration is negative
    /// if the first time is earlier. It prints as `2 days 11 hours`.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// let left = today().plus_days(3).end_of_day() - now();
    /// print(`${left.days} days left, or ${left.hours} hours`);
    /// ```
    #[rhai_fn(name = "-")]
    pub fn difference(later: DateTime, earlier: DateTime) -> Duration {
        later.since(&earlier)
    }

    /// Returns the length of a duration in whole days.
    ///
    /// The number is rounded towards zero. It is negative if the duration is negative.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print((now().plus_hours(50) - now()).days);
    /// ```
    #[rhai_fn(get = "days", pure)]
    pub fn days(duration: &mut Duration) -> INT {
        duration.days()
    }

    /// Returns the length of a duration in whole hours, including its days.
    ///
    /// The number is rounded towards zero. It is negative if the duration is negative.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print((now().plus_hours(50) - now()).hours);
    /// ```
    #[rhai_fn(get = "hours", pure)]
    pub fn hours(duration: &mut Duration) -> INT {
        duration.hours()
    }

    /// Returns the length of a duration in whole minutes, including its hours.
    ///
    /// The number is rounded towards zero. It is negative if the duration is negative.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print((now().plus_hours(50) - now()).minutes);
    /// ```
    #[rhai_fn(get = "minutes", pure)]
    pub fn minutes(duration: &mut Duration) -> INT {
        duration.minutes()
    }

    /// Returns a duration as text, in its two largest units.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_hours(50) - now());
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(duration: &mut Duration) -> String {
        duration.to_string()
    }

    /// Returns whether two durations are equal.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_days(2) - now() == now().plus_days(1) - now());
    /// ```
    #[rhai_fn(name = "==")]
    pub fn equals(a: Duration, b: Duration) -> bool {
        a == b
    }

    /// Returns whether two durations are different.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_days(2) - now() != now().plus_days(1) - now());
    /// ```
    #[rhai_fn(name = "!=")]
    pub fn differs(a: Duration, b: Duration) -> bool {
        a != b
    }

    /// Returns whether a duration is shorter than another.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_days(2) - now() < now().plus_days(1) - now());
    /// ```
    #[rhai_fn(name = "<")]
    pub fn shorter(a: Duration, b: Duration) -> bool {
        a < b
    }

    /// Returns whether a duration is shorter than another, or equal to it.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_days(2) - now() <= now().plus_days(1) - now());
    /// ```
    #[rhai_fn(name = "<=")]
    pub fn not_longer(a: Duration, b: Duration) -> bool {
        a <= b
    }

    /// Returns whether a duration is longer than another.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_days(2) - now() > now().plus_days(1) - now());
    /// ```
    #[rhai_fn(name = ">")]
    pub fn longer(a: Duration, b: Duration) -> bool {
        a > b
    }

    /// Returns whether a duration is longer than another, or equal to it.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_days(2) - now() >= now().plus_days(1) - now());
    /// ```
    #[rhai_fn(name = ">=")]
    pub fn not_shorter(a: Duration, b: Duration) -> bool {
        a >= b
    }
}
