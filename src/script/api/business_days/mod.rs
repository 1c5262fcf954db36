//! Business days, weekdays, and the bounds of days and hours.

pub(super) mod holidays;

use rhai::INT;
use rhai::plugin::*;

use self::holidays::holidays;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::time::{DateTime, Holidays, weekday};

#[export_module]
pub mod functions {
    /// Returns the same time of day a number of business days later.
    ///
    /// Business days are Monday to Friday. As in the spreadsheet function WORKDAY, the start is not counted: one
    /// business day after a Friday, Saturday or Sunday is Monday. A negative number moves back, and 0 returns the time
    /// itself. Clock changes are handled as in `plus_days`.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(today("Europe/Berlin").plus_business_days(5).end_of_day());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn plus_business_days(
        ctx: NativeCallContext,
        time: &mut DateTime,
        days: INT,
    ) -> RhaiResultOf<DateTime> {
        time.plus_business_days(days, &Holidays::default())
            .or_throw(&ctx)
    }

    /// Returns the same time of day some business days later, leaving out holidays.
    ///
    /// The holidays are an array of dates (DateTimes, or text such as `2030-12-25`), or the path of a file with one
    /// date per line. In the file, `#` starts a comment.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    /// - `bad_holidays`: a holiday is not a date; the message names its number, or its file and line
    /// - `file`, `bad_table`: the file cannot be read, or is not UTF-8
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-12-24").plus_business_days(1, ["2030-12-25", "2030-12-26"]));
    /// ```
    #[rhai_fn(name = "plus_business_days", pure, return_raw)]
    pub fn plus_business_days_with_holidays(
        ctx: NativeCallContext,
        time: &mut DateTime,
        days: INT,
        holidays_: Dynamic,
    ) -> RhaiResultOf<DateTime> {
        time.plus_business_days(days, &*holidays(&ctx, &holidays_)?)
            .or_throw(&ctx)
    }

    /// Returns whether a day is a business day: Monday to Friday.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(today().is_business_day());
    /// ```
    #[rhai_fn(pure)]
    pub fn is_business_day(time: &mut DateTime) -> bool {
        time.is_business_day(&Holidays::default())
    }

    /// Returns whether a day is a business day: Monday to Friday, and not a holiday.
    ///
    /// The holidays are an array of dates or the path of a file, as for `plus_business_days`.
    ///
    /// # Errors
    /// - `bad_holidays`: a holiday is not a date; the message names its number, or its file and line
    /// - `file`, `bad_table`: the file cannot be read, or is not UTF-8
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-12-25").is_business_day(["2030-12-25"]));
    /// ```
    #[rhai_fn(name = "is_business_day", pure, return_raw)]
    pub fn is_business_day_with_holidays(
        ctx: NativeCallContext,
        time: &mut DateTime,
        holidays_: Dynamic,
    ) -> RhaiResultOf<bool> {
        Ok(time.is_business_day(&*holidays(&ctx, &holidays_)?))
    }

    /// Returns the same time of day on the next weekday with this name.
    ///
    /// The result is always later: the next `friday` after a Friday is a week later. Names are English, in upper or
    /// lower case, and can be shortened to three letters. Clock changes are handled as in `plus_days`.
    ///
    /// # Errors
    /// - `unknown_weekday`: no weekday has that name; the hint suggests a similar one
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(today().next("friday").at("17:00"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn next(ctx: NativeCallContext, time: &mut DateTime, name: &str) -> RhaiResultOf<DateTime> {
        weekday(name)
            .and_then(|weekday| time.next(weekday))
            .or_throw(&ctx)
    }

    /// Returns the start of the day, 00:00.
    ///
    /// If the clocks skip midnight, that is the first moment of the day.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(now().start_of_day());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn start_of_day(ctx: NativeCallContext, time: &mut DateTime) -> RhaiResultOf<DateTime> {
        time.start_of_day().or_throw(&ctx)
    }

    /// Returns the start of the hour.
    ///
    /// # Errors
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(now().start_of_hour());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn start_of_hour(ctx: NativeCallContext, time: &mut DateTime) -> RhaiResultOf<DateTime> {
        time.start_of_hour().or_throw(&ctx)
    }

    /// Rounds a time up to the next full `minute`, `hour` or `day`.
    ///
    /// # Errors
    /// - `unknown_unit`: there is no such unit
    /// - `out_of_range`: the result is outside the years -9999 to 9999
    ///
    /// # Example
    /// ```rhai
    /// print(now().plus_hours(48).round_up("hour"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn round_up(
        ctx: NativeCallContext,
        time: &mut DateTime,
        unit: &str,
    ) -> RhaiResultOf<DateTime> {
        time.round_up(unit).or_throw(&ctx)
    }

    /// Returns the earlier of two times.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(min(today().plus_days(7), datetime("2030-12-31")).end_of_day());
    /// ```
    pub fn min(a: DateTime, b: DateTime) -> DateTime {
        a.min(b)
    }

    /// Returns the later of two times.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(max(now().plus_hours(48), datetime("2030-01-02T09:00:00Z")));
    /// ```
    pub fn max(a: DateTime, b: DateTime) -> DateTime {
        a.max(b)
    }
}
