//! Points in time with a time zone, and how text becomes a deadline.

mod business;
mod calendar;
mod calendar_names;
mod clock;
mod clock_time;
mod date_rules;
mod datetime;
mod duration;
mod error;
mod names;
mod parse;
mod rules;
mod spelled;
mod zone_error;
mod zone_map;
mod zone_names;
mod zone_tables;

pub use self::business::Holidays;
pub use self::calendar::parse_with_pattern;
pub use self::clock::Clock;
pub use self::date_rules::{DateOrder, DateRules, DateRulesError};
pub use self::datetime::DateTime;
pub use self::duration::Duration;
pub use self::error::Error;
pub use self::names::{system_zone, weekday, zone_name};
pub use self::parse::{LocalTimes, parse, parse_date, parse_deadline};
pub use self::rules::ReadingRules;
pub use self::zone_map::{ZoneMap, ZoneMapError, ZoneMapProblem};
pub use self::zone_names::{readable_name, with_offset_at, zone};
