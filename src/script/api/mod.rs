//! What scripts can call, a file per noun.
//!
//! Each function fetches the host, converts, calls one domain function and converts back. Its doc comment is its
//! reference: a summary of one line, then `# Options`, `# Errors` (code: when) and `# Example`.

#![allow(
    clippy::unwrap_used,
    reason = "Rhai's macros unwrap arguments whose type they have checked"
)]
#![allow(
    unreachable_pub,
    reason = "Rhai's `export_module` takes public functions only"
)]
#![allow(clippy::needless_pass_by_value, reason = "Rhai passes values")]
#![allow(
    clippy::wildcard_imports,
    reason = "Rhai's macros need all of `rhai::plugin`"
)]

mod assessments;
mod candidates;
mod control;
mod datetimes;
mod files;
mod invites;
mod names;
mod outcomes;
mod reports;
mod rows;
mod scans;
mod scores;
mod sessions;
mod show;
mod times;

use rhai::Engine;

/// Registers every function and type with `engine`.
pub(super) fn register(engine: &mut Engine) {
    assessments::register(engine);
    candidates::register(engine);
    control::register(engine);
    datetimes::register(engine);
    files::register(engine);
    invites::register(engine);
    names::register(engine);
    outcomes::register(engine);
    reports::register(engine);
    rows::register(engine);
    scans::register(engine);
    scores::register(engine);
    sessions::register(engine);
    show::register(engine);
    times::register(engine);
}
