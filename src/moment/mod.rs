//! Instants with their time zone, and the rules by which text becomes a deadline.

mod clock;
mod datetime;
mod error;
mod parse;
mod zone;

pub use self::clock::Clock;
pub use self::datetime::DateTime;
pub use self::error::Error;
pub use self::parse::{parse, parse_deadline};
pub use self::zone::{zone, zone_name};
