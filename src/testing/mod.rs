//! Tests of scripts: finding them, isolating them and running them in parallel.
//!
//! Each test has its own sandbox, ledger, clock and directory, which a [`Fixture`] provides, and prints into a
//! [`CapturedOutput`]. Running a single test needs the options of the command line, so `cli/` does that.

mod captured_output;
mod discover;
mod error;
mod fixture;
mod parallel;

pub use self::captured_output::CapturedOutput;
pub use self::discover::{TestCase, find};
pub use self::error::Error;
pub use self::fixture::{Fixture, TestTimeout};
pub use self::parallel::in_parallel;
