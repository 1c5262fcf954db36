//! Tests of scripts: where they are, what surrounds each, and how many run at once.
//!
//! A test has a sandbox, a ledger, a clock and a directory of its own (`fixture`), so that tests do not see each other; what
//! it prints goes into a [`Record`]. Running one needs a command line and a terminal, and is the business of `cli/`.

mod error;
mod find;
mod fixture;
mod limit;
mod parallel;
mod record;

pub use self::error::Error;
pub use self::find::{Case, find};
pub use self::fixture::Fixture;
pub use self::limit::Limit;
pub use self::parallel::in_parallel;
pub use self::record::Record;
