//! The fields, the text and the comparison of DateTimes.

use rhai::INT;
use rhai::plugin::*;

#[export_module]
pub mod functions {
    pub type DateTime = crate::time::DateTime;

    /// Returns the year.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().year);
    /// ```
    #[rhai_fn(get = "year", pure)]
    pub fn year(time: &mut DateTime) -> INT {
        INT::from(time.zoned().year())
    }

    /// Returns the month, 1 to 12.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().month);
    /// ```
    #[rhai_fn(get = "month", pure)]
    pub fn month(time: &mut DateTime) -> INT {
        INT::from(time.zoned().month())
    }

    /// Returns the day of the month, from 1.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().day);
    /// ```
    #[rhai_fn(get = "day", pure)]
    pub fn day(time: &mut DateTime) -> INT {
        INT::from(time.zoned().day())
    }

    /// Returns the hour, 0 to 23.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().hour);
    /// ```
    #[rhai_fn(get = "hour", pure)]
    pub fn hour(time: &mut DateTime) -> INT {
        INT::from(time.zoned().hour())
    }

    /// Returns the minute, 0 to 59.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().minute);
    /// ```
    #[rhai_fn(get = "minute", pure)]
    pub fn minute(time: &mut DateTime) -> INT {
        INT::from(time.zoned().minute())
    }

    /// Returns the English day of the week, in lower case.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().weekday == "friday");
    /// ```
    #[rhai_fn(get = "weekday", pure)]
    pub fn weekday(time: &mut DateTime) -> String {
        time.zoned().strftime("%A").to_string().to_lowercase()
    }

    /// Returns the name of the time zone.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(today("Europe/Berlin").zone);
    /// ```
    #[rhai_fn(get = "zone", pure)]
    pub fn zone_of(time: &mut DateTime) -> String {
        time.zone_name()
    }

    /// Returns the local time with its zone, as text.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now());
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(time: &mut DateTime) -> String {
        time.to_string()
    }

    /// Returns whether two times are the same instant.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-02-01T12:00:00Z") == datetime("2030-02-01T13:00:00+01:00"));
    /// ```
    #[rhai_fn(name = "==")]
    pub fn equals(a: DateTime, b: DateTime) -> bool {
        a == b
    }

    /// Returns whether two times are different instants.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now() != now().plus_hours(1));
    /// ```
    #[rhai_fn(name = "!=")]
    pub fn differs(a: DateTime, b: DateTime) -> bool {
        a != b
    }

    /// Returns whether a time comes before another.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now() < now().plus_hours(1));
    /// ```
    #[rhai_fn(name = "<")]
    pub fn before(a: DateTime, b: DateTime) -> bool {
        a < b
    }

    /// Returns whether a time comes before another or is the same instant.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now() <= now().plus_hours(1));
    /// ```
    #[rhai_fn(name = "<=")]
    pub fn not_after(a: DateTime, b: DateTime) -> bool {
        a <= b
    }

    /// Returns whether a time comes after another.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_hours(1) > now());
    /// ```
    #[rhai_fn(name = ">")]
    pub fn after(a: DateTime, b: DateTime) -> bool {
        a > b
    }

    /// Returns whether a time comes after another or is the same instant.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_hours(1) >= now());
    /// ```
    #[rhai_fn(name = ">=")]
    pub fn not_before(a: DateTime, b: DateTime) -> bool {
        a >= b
    }
}
