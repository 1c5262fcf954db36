//! The integration tests: one binary, a file per topic. Each test runs the program as a user does, and asserts what they
//! would notice.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where it stopped"
)]

mod arguments;
mod client;
#[cfg(unix)]
mod confirmation;
mod dry_runs;
mod errors;
mod faults;
mod files;
mod ledger;
mod limits;
mod output;
mod pacing;
mod plan_shown;
mod plans;
mod readme;
mod reference;
mod reliability;
mod report;
mod rules;
mod run;
mod runs;
mod sandbox;
mod scans;
mod scores;
#[cfg(unix)]
mod screen;
mod service;
mod sessions;
mod singles;
mod standings;
mod stub;
mod support;
mod times;
#[cfg(unix)]
mod watch;
