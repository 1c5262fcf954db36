//! The integration tests: one binary, a file per topic. Each test runs the program as a user does, and asserts what they
//! would notice.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where it stopped"
)]

mod arguments;
mod client;
mod errors;
mod faults;
mod files;
mod limits;
mod plans;
mod readme;
mod reference;
mod rules;
mod run;
mod sandbox;
mod stub;
mod support;
mod times;
