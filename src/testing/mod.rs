//! Tests of scripts: where they are, what surrounds each, and how many run at once.
//!
//! A test has a sandbox, a ledger, a clock and a directory of its own (`fixture`), so that tests do not see each other; what
//! it prints goes into a [`CapturedOutput`]. Running one needs a command line and a terminal, and is the business of `cli/`.

mod captured_output;
mod discover;
mod error;
mod fixture;
mod parallel;
mod timeout;

pub use self::captured_output::CapturedOutput;
pub use self::discover::{TestCase, find};
pub use self::error::Error;
pub use self::fixture::Fixture;
pub use self::parallel::in_parallel;
pub use self::timeout::TestTimeout;
