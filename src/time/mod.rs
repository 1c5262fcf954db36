//! Instants with their time zone, and the rules by which text becomes a deadline.

mod business;
mod clock;
mod datetime;
mod duration;
mod error;
mod other_formats;
mod parse;
mod weekday;
mod zone;

pub use self::business::Holidays;
pub use self::clock::Clock;
pub use self::datetime::DateTime;
pub use self::duration::Duration;
pub use self::error::Error;
pub use self::parse::{parse, parse_date, parse_deadline};
pub use self::weekday::weekday;
pub use self::zone::{zone, zone_name};
