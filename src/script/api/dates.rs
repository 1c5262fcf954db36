//! Reading dates, times and deadlines.

use rhai::Map;
use rhai::plugin::*;

use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::script::host::run_host::Host;
use crate::script::values::option_map::{KeyType, OptionValue, Rejection, option_map, read_map};
use crate::time::{self, DateOrder, DateRules, DateTime, Error, LocalTimes, ReadingRules};

option_map! {
    /// The options of `datetime` and `deadline`.
    pub(in crate::script) struct DateOptions: Options {
        /// The order of day, month and year: `"dmy"`, `"mdy"` or `"ymd"`. By default, that of `--dates`; without one, a
        /// date such as `11/03/2027` is an error.
        order: Option<DateOrder>,
        /// Whether a number is the day that spreadsheets store as this number. By default, only with `--dates excel`.
        excel: Option<bool>,
        /// The only form that is read, as for `time.format`: `"%d.%m.%Y %H:%M"`.
        format: Option<String>,
    }
}

impl OptionValue for DateOrder {
    const TYPE: KeyType = KeyType::String;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let name = String::read(value)?;
        Self::parse(&name).ok_or(Rejection::BadValue {
            expected: "`dmy`, `mdy` or `ymd`",
            hint: None,
        })
    }
}

/// What a date without a time of day means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Start,
    Deadline,
}

/// Reads a time in the zone `zone_name`, or else in that of the run.
fn read(
    ctx: &NativeCallContext,
    meaning: Meaning,
    text: &str,
    zone_name: Option<&str>,
    options: Option<Map>,
) -> RhaiResultOf<DateTime> {
    let host = Host::of(ctx)?;
    let options: Option<DateOptions> = options.map(|map| read_map(ctx, &map)).transpose()?;
    let pattern = options.as_ref().and_then(|options| options.format.clone());
    let own_rules = options.map(|options| {
        let rules = &host.settings.reading_rules;
        ReadingRules {
            zones: rules.zones.clone(),
            dates: DateRules {
                order: options.order.or(rules.dates.order),
                serials: options.excel.unwrap_or(rules.dates.serials),
            },
        }
    });
    let rules = own_rules.as_ref().unwrap_or(&host.settings.reading_rules);
    let parse = match meaning {
        Meaning::Start => time::parse,
        Meaning::Deadline => time::parse_deadline,
    };
    // A blank cell in a column of zones.
    let is_blank =
        meaning == Meaning::Deadline && zone_name.is_some_and(|name| name.trim().is_empty());
    let read = || -> Result<DateTime, Error> {
        if let Some(pattern) = &pattern {
            let named = zone_name
                .filter(|_| !is_blank)
                .map(|name| host.zone_named(name));
            let named = named.transpose()?;
            let zone = named.as_ref().unwrap_or(host.zone());
            let (time, has_time) = time::parse_with_pattern(text, pattern, zone)?;
            return if meaning == Meaning::Deadline && !has_time {
                time.end_of_day()
            } else {
                Ok(time)
            };
        }
        let Some(zone_name) = zone_name.filter(|_| !is_blank) else {
            let local_times = if is_blank {
                LocalTimes::Allowed
            } else {
                LocalTimes::Refused
            };
            let time = parse(text, host.zone(), local_times, rules)?;
            return Ok(host.record_interpretations(time));
        };
        let zone = host.zone_named(zone_name)?;
        let time = parse(text, &zone, LocalTimes::Allowed, rules)?;
        Ok(host.record_interpretations(time).in_tz(zone))
    };
    read().or_throw(ctx)
}

#[export_module]
pub mod functions {
    /// Reads an instant such as `2030-02-01T17:00:00Z`, or a date as its start.
    ///
    /// A date is read in the run's zone; for the end of its day, use `deadline`. A time without a zone is an error. Besides
    /// ISO 8601, dates with one meaning are read: `2030/2/1`, `20300201`, `1.2.2030` (the day comes first), `Feb 1 2030`,
    /// `1. Februar 2030`, `1-Feb-30`, each perhaps with a time such as `17:00`, `5pm` or `17h30`, and with its zone. A date such
    /// as `11/03/2027` needs an order: `--dates`, or the option `order`. A time at 00:00, one that occurs twice, and a year
    /// of two digits are shown in the plan.
    ///
    /// # Errors
    /// - `bad_date`: the text is not a date, could mean several times, or is a time that the clocks skip
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("2030-02-01").end_of_day());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn datetime(ctx: NativeCallContext, text: &str) -> RhaiResultOf<DateTime> {
        read(&ctx, Meaning::Start, text, None, None)
    }

    /// Reads a date, a local date and time, or an instant, in a time zone.
    ///
    /// # Errors
    /// - those of `datetime(text)` and `zone(name)`
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
        read(&ctx, Meaning::Start, text, Some(zone_name), None)
    }

    /// Reads a time as `datetime(text)` does, with options.
    ///
    /// # Errors
    /// - `unknown_option`, `wrong_type`: there is no such option, or its value is wrong
    /// - those of `datetime(text)`
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("11/03/2030", #{ order: "dmy" }).month);
    /// ```
    #[rhai_fn(name = "datetime", return_raw)]
    pub fn datetime_with(
        ctx: NativeCallContext,
        text: &str,
        options: Map,
    ) -> RhaiResultOf<DateTime> {
        read(&ctx, Meaning::Start, text, None, Some(options))
    }

    /// Reads a time as `datetime(text, zone)` does, with options.
    ///
    /// # Errors
    /// - those of `datetime(text, options)` and `zone(name)`
    ///
    /// # Example
    /// ```rhai
    /// print(datetime("11/03/2030 17:00", "Europe/Berlin", #{ order: "dmy" }));
    /// ```
    #[rhai_fn(name = "datetime", return_raw)]
    pub fn datetime_in_with(
        ctx: NativeCallContext,
        text: &str,
        zone_name: &str,
        options: Map,
    ) -> RhaiResultOf<DateTime> {
        read(&ctx, Meaning::Start, text, Some(zone_name), Some(options))
    }

    /// Reads a deadline: an instant, or the end of a day, however that is written.
    ///
    /// A text is read as by `datetime`, so `2030-02-01`, `20300201` and `1.2.2030` are all due at 23:59:59, and
    /// `2030-02-01T17:00:00Z` at that time.
    ///
    /// # Errors
    /// - those of `datetime(text)`
    ///
    /// # Example
    /// ```rhai
    /// print(deadline("20300201"));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn deadline(ctx: NativeCallContext, text: &str) -> RhaiResultOf<DateTime> {
        read(&ctx, Meaning::Deadline, text, None, None)
    }

    /// Reads a deadline in a time zone: the end of a day, a local time, or an instant.
    ///
    /// A blank zone, as in a cell that is left empty, is that of the run.
    ///
    /// # Errors
    /// - those of `datetime(text)` and `zone(name)`
    ///
    /// # Example
    /// ```rhai
    /// print(deadline("2030-02-01", "America/New_York"));
    /// ```
    #[rhai_fn(name = "deadline", return_raw)]
    pub fn deadline_in(
        ctx: NativeCallContext,
        text: &str,
        zone_name: &str,
    ) -> RhaiResultOf<DateTime> {
        read(&ctx, Meaning::Deadline, text, Some(zone_name), None)
    }

    /// Reads a deadline as `deadline(text)` does, with options.
    ///
    /// # Errors
    /// - those of `datetime(text, options)`
    ///
    /// # Example
    /// ```rhai
    /// print(deadline("11/03/2030", #{ order: "dmy" }));
    /// ```
    #[rhai_fn(name = "deadline", return_raw)]
    pub fn deadline_with(
        ctx: NativeCallContext,
        text: &str,
        options: Map,
    ) -> RhaiResultOf<DateTime> {
        read(&ctx, Meaning::Deadline, text, None, Some(options))
    }

    /// Reads a deadline as `deadline(text, zone)` does, with options.
    ///
    /// # Errors
    /// - those of `datetime(text, options)` and `zone(name)`
    ///
    /// # Example
    /// ```rhai
    /// print(deadline("11/03/2030", "Europe/Berlin", #{ order: "dmy" }));
    /// ```
    #[rhai_fn(name = "deadline", return_raw)]
    pub fn deadline_in_with(
        ctx: NativeCallContext,
        text: &str,
        zone_name: &str,
        options: Map,
    ) -> RhaiResultOf<DateTime> {
        read(
            &ctx,
            Meaning::Deadline,
            text,
            Some(zone_name),
            Some(options),
        )
    }
}
