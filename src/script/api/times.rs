//! Creating and moving DateTimes.

use rhai::INT;
use rhai::plugin::*;

use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::script::host::run_host::Host;
use crate::time::DateTime;

#[export_module]
pub mod functions {
    /// Returns the current time, in the run's zone.
    ///
    /// The clock stops while `invite_all` plans, so every row sees the same time.
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

    /// Returns the start of today, in the run's zone.
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
        now.start_of_day().or_throw(&ctx)
    }

    /// Returns the start of today in a time zone.
    ///
    /// # Errors
    /// - those of `zone(name)`
    ///
    /// # Example
    /// ```rhai
    /// print(today("America/New_York").at("17:00"));
    /// ```
    #[rhai_fn(name = "today", return_raw)]
    pub fn today_in(ctx: NativeCallContext, zone_name: &str) -> RhaiResultOf<DateTime> {
        let host = Host::of(&ctx)?;
        let now = host.now();
        host.zone_named(zone_name)
            .and_then(|zone| now.in_tz(zone).start_of_day())
            .or_throw(&ctx)
    }

    /// Returns the same instant in another time zone.
    ///
    /// # Errors
    /// - those of `zone(name)`
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
        let host = Host::of(&ctx)?;
        host.zone_named(zone_name)
            .map(|zone| time.in_tz(zone))
            .or_throw(&ctx)
    }

    /// Returns the same time of day a number of calendar days later.
    ///
    /// A negative number moves back. If the clocks skip the time of day on that day, the result is later by the length
    /// of the gap. If the time occurs twice, the result is the first.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
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
        time.plus_days(days).or_throw(&ctx)
    }

    /// Returns the same time of day a number of weeks later.
    ///
    /// A negative number moves back. Clock changes are handled as in `plus_days`.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(today().plus_weeks(2).end_of_day());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn plus_weeks(
        ctx: NativeCallContext,
        time: &mut DateTime,
        weeks: INT,
    ) -> RhaiResultOf<DateTime> {
        time.plus_weeks(weeks).or_throw(&ctx)
    }

    /// Returns the instant a number of minutes later.
    ///
    /// A negative number moves back.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_minutes(90));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn plus_minutes(
        ctx: NativeCallContext,
        time: &mut DateTime,
        minutes: INT,
    ) -> RhaiResultOf<DateTime> {
        time.plus_minutes(minutes).or_throw(&ctx)
    }

    /// Returns the instant a number of hours later.
    ///
    /// A negative number moves back.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
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
        time.plus_hours(hours).or_throw(&ctx)
    }

    /// Returns the last second of the day, 23:59:59.
    ///
    /// If the clocks go back at midnight and 23:59:59 occurs twice, the result is the second one. If they skip the end
    /// of the day, as in Nuuk, it is the last second before the gap.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(today("Europe/Berlin").plus_days(5).end_of_day());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn end_of_day(ctx: NativeCallContext, time: &mut DateTime) -> RhaiResultOf<DateTime> {
        time.end_of_day().or_throw(&ctx)
    }

    /// Returns the same day at a time of day, written `17:00` or `17:00:30`.
    ///
    /// If the clocks skip the time on that day, the result is later by the length of the gap: on a day without 2:30,
    /// it is 3:30. If the time occurs twice, the result is the first.
    ///
    /// # Errors
    /// - `bad_date`: the text is not a time of day
    ///
    /// # Example
    /// ```rhai
    /// print(today().plus_days(1).at("17:00"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn at(ctx: NativeCallContext, time: &mut DateTime, clock: &str) -> RhaiResultOf<DateTime> {
        time.at(clock).or_throw(&ctx)
    }

    /// Returns a time as text, in the format of a strftime pattern.
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
        time.format(pattern).or_throw(&ctx)
    }
}
