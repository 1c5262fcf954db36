//! Points in time with a time zone, and how text becomes a deadline.

mod business;
mod clock;
mod datetime;
mod duration;
mod error;
mod names;
mod other_formats;
mod parse;

pub use self::business::Holidays;
pub use self::clock::Clock;
pub use self::datetime::DateTime;
pub use self::duration::Duration;
pub use self::error::Error;
pub use self::names::{interpret_zone, system_zone, weekday, zone, zone_name};
pub use self::parse::{parse, parse_date, parse_deadline};
