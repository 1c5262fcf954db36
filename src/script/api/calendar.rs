//! Months and weeks, and the days between two times.

use rhai::INT;
use rhai::plugin::*;

use super::business_days::holidays::holidays;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::time::{DateTime, Holidays};

#[export_module]
pub mod functions {
    /// Returns the same day and time some months later.
    ///
    /// If that month is shorter, it is its last day: a month after January 31 is February 28. A negative number moves
    /// back. Clock changes are handled as in `plus_days`.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-01-31").plus_months(1));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn plus_months(
        ctx: NativeCallContext,
        time: &mut DateTime,
        months: INT,
    ) -> RhaiResultOf<DateTime> {
        time.plus_months(months).or_throw(&ctx)
    }

    /// Returns the start of the week: Monday, 00:00.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// let this_week = list_sessions().filter(|s| s.created_at >= now().start_of_week());
    /// print(this_week.len());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn start_of_week(ctx: NativeCallContext, time: &mut DateTime) -> RhaiResultOf<DateTime> {
        time.start_of_week().or_throw(&ctx)
    }

    /// Returns the start of the month: its first day, 00:00.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(now().start_of_month().plus_months(1));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn start_of_month(ctx: NativeCallContext, time: &mut DateTime) -> RhaiResultOf<DateTime> {
        time.start_of_month().or_throw(&ctx)
    }

    /// Returns the number of days until the day of another time.
    ///
    /// Midnights are counted, in the zone of the first time: an hour before midnight, it is one day until tomorrow
    /// morning. If the other time is on an earlier day, the number is negative. `later - earlier` is the exact time
    /// between them.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-01-31 23:00", "UTC").days_until(datetime("2030-02-01 09:00", "UTC")));
    /// ```
    #[rhai_fn(pure)]
    pub fn days_until(time: &mut DateTime, other: DateTime) -> INT {
        time.days_until(&other)
    }

    /// Returns the number of business days until the day of another time.
    ///
    /// As for `plus_business_days`, the first day is not counted, and the last one is: from a Friday to the next Monday
    /// it is one. The days are those in the zone of the first time.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// let due = now().plus_business_days(5);
    /// print(now().business_days_until(due));
    /// ```
    #[rhai_fn(pure)]
    pub fn business_days_until(time: &mut DateTime, other: DateTime) -> INT {
        time.business_days_until(&other, &Holidays::default())
    }

    /// Returns the number of business days until another day, leaving out holidays.
    ///
    /// The holidays are an array of dates or the path of a file, as for `plus_business_days`.
    ///
    /// # Errors
    /// - `bad_holidays`: a holiday is not a date; the message names its number, or its file and line
    /// - `file`, `bad_table`: the file cannot be read, or is not UTF-8
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-12-24").business_days_until(datetime("2030-12-27"), ["2030-12-25", "2030-12-26"]));
    /// ```
    #[rhai_fn(name = "business_days_until", pure, return_raw)]
    pub fn business_days_until_with_holidays(
        ctx: NativeCallContext,
        time: &mut DateTime,
        other: DateTime,
        holidays_: Dynamic,
    ) -> RhaiResultOf<INT> {
        Ok(time.business_days_until(&other, &*holidays(&ctx, &holidays_)?))
    }
}
