//! Times and deadlines.

use rhai::plugin::*;
use rhai::{Engine, INT};

use crate::moment::{DateTime, parse, zone};
use crate::script::Host;
use crate::script::throw::{RhaiResultOf, throw};

pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<DateTime>("DateTime")
        .register_global_module(exported_module!(functions).into());
}

#[export_module]
mod functions {
    /// Returns the time, in the run's zone.
    ///
    /// It stands still while `invite_all` plans, so that all rows are judged alike.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_hours(48));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn now(ctx: NativeCallContext) -> RhaiResultOf<DateTime> {
        Ok(Host::of(&ctx)?.now().to_second())
    }

    /// Returns the first moment of today, in the run's zone.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(today().plus_days(5).end_of_day());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn today(ctx: NativeCallContext) -> RhaiResultOf<DateTime> {
        let now = Host::of(&ctx)?.now();
        now.start_of_day().map_err(|error| throw(&ctx, error))
    }

    /// Returns the first moment of today in a time zone.
    ///
    /// # Errors
    /// - `unknown_zone`: no zone has that IANA name; the likely one is offered
    ///
    /// # Example
    /// ```rhai
    /// print(today("America/New_York").at("17:00"));
    /// ```
    #[rhai_fn(name = "today", return_raw)]
    pub fn today_in(ctx: NativeCallContext, zone_name: &str) -> RhaiResultOf<DateTime> {
        let now = Host::of(&ctx)?.now();
        zone(zone_name)
            .and_then(|zone| now.in_tz(zone).start_of_day())
            .map_err(|error| throw(&ctx, error))
    }

    /// Reads an instant such as `2025-02-01T17:00:00Z`, or a date as its first moment.
    ///
    /// A date counts in the run's zone. A time without a zone is an error, as is a date like `01/02/2025`.
    ///
    /// # Errors
    /// - `bad_date`: the text is no date, or can be read in two ways
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-02-01").end_of_day());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn datetime(ctx: NativeCallContext, text: &str) -> RhaiResultOf<DateTime> {
        let host = Host::of(&ctx)?;
        parse(text, &host.settings().zone, false).map_err(|error| throw(&ctx, error))
    }

    /// Reads a date, a local date and time, or an instant, in a time zone.
    ///
    /// # Errors
    /// - `bad_date`: the text is no date, or can be read in two ways
    /// - `unknown_zone`: no zone has that IANA name; the likely one is offered
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-02-01 17:00", "Europe/Berlin"));
    /// ```
    #[rhai_fn(name = "datetime", return_raw)]
    pub fn datetime_in(
        ctx: NativeCallContext,
        text: &str,
        zone_name: &str,
    ) -> RhaiResultOf<DateTime> {
        zone(zone_name)
            .and_then(|zone| Ok(parse(text, &zone, true)?.in_tz(zone)))
            .map_err(|error| throw(&ctx, error))
    }

    /// Returns the same instant in another time zone.
    ///
    /// # Errors
    /// - `unknown_zone`: no zone has that IANA name; the likely one is offered
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-02-01T17:00:00Z").in_tz("Asia/Tokyo"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn in_tz(
        ctx: NativeCallContext,
        time: &mut DateTime,
        zone_name: &str,
    ) -> RhaiResultOf<DateTime> {
        zone(zone_name)
            .map(|zone| time.in_tz(zone))
            .map_err(|error| throw(&ctx, error))
    }

    /// Returns the same time of day a number of calendar days later.
    ///
    /// A negative number of days leads back.
    ///
    /// # Errors
    /// - `out_of_range`: the result lies outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(today().plus_days(7));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn plus_days(
        ctx: NativeCallContext,
        time: &mut DateTime,
        days: INT,
    ) -> RhaiResultOf<DateTime> {
        time.plus_days(days).map_err(|error| throw(&ctx, error))
    }

    /// Returns the instant a number of hours later.
    ///
    /// A negative number of hours leads back.
    ///
    /// # Errors
    /// - `out_of_range`: the result lies outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_hours(48));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn plus_hours(
        ctx: NativeCallContext,
        time: &mut DateTime,
        hours: INT,
    ) -> RhaiResultOf<DateTime> {
        time.plus_hours(hours).map_err(|error| throw(&ctx, error))
    }

    /// Returns the last second of the day, 23:59:59.
    ///
    /// That holds on days when the clocks change as well.
    ///
    /// # Errors
    /// - `out_of_range`: the result lies outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(today("Europe/Berlin").plus_days(5).end_of_day());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn end_of_day(ctx: NativeCallContext, time: &mut DateTime) -> RhaiResultOf<DateTime> {
        time.end_of_day().map_err(|error| throw(&ctx, error))
    }

    /// Returns the same day at a time of day, written `17:00` or `17:00:30`.
    ///
    /// # Errors
    /// - `bad_date`: the text is no time of day
    ///
    /// # Example
    /// ```rhai
    /// print(today().plus_days(1).at("17:00"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn at(ctx: NativeCallContext, time: &mut DateTime, clock: &str) -> RhaiResultOf<DateTime> {
        time.at(clock).map_err(|error| throw(&ctx, error))
    }

    /// Returns the text that a strftime pattern makes of a time.
    ///
    /// # Errors
    /// - `bad_pattern`: the pattern has an unknown directive
    ///
    /// # Example
    /// ```rhai
    /// print(now().format("%A, %-d %B %Y, %H:%M %Z"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn format(
        ctx: NativeCallContext,
        time: &mut DateTime,
        pattern: &str,
    ) -> RhaiResultOf<String> {
        time.format(pattern).map_err(|error| throw(&ctx, error))
    }

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

    /// Returns the day of the week in English, in small letters.
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

    /// Shows the local time with its zone.
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

    /// Tells whether two times are the same instant.
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

    /// Tells whether two times are different instants.
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

    /// Tells whether a time comes before another.
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

    /// Tells whether a time comes before another or is the same instant.
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

    /// Tells whether a time comes after another.
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

    /// Tells whether a time comes after another or is the same instant.
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
