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

mod api_keys;
mod assertions;
mod assessments;
mod candidates;
mod control;
mod conversion;
mod datetimes;
mod deadlines;
mod durations;
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
mod tables;
mod testing;
mod times;
mod workbooks;

use rhai::{Engine, Module};

/// Adds the functions and types of a file to a module.
type Register = fn(&mut Module);

/// What there is, in the order of the reference: topics, each of one file or of several in succession.
pub(super) const TOPICS: &[(&str, Register)] = &[
    ("Inviting", invites::register),
    ("Outcome", outcomes::register),
    ("Files", files::register),
    ("Files", scans::register),
    ("Files", tables::register),
    ("Files", workbooks::register),
    ("Rows", rows::register),
    ("Names", names::register),
    ("Time", times::register),
    ("Time", deadlines::register),
    ("Time", datetimes::register),
    ("Time", durations::register),
    ("Sessions", sessions::register),
    ("Scores", scores::register),
    ("Assessments", assessments::register),
    ("Candidates", candidates::register),
    ("API keys", api_keys::register),
    ("Showing", show::register),
    ("Showing", reports::register),
    ("Script", control::register),
    ("Testing", assertions::register),
    ("Testing", testing::register),
];

/// Registers every function and type with `engine`: as one module, because a call looks through all that there are.
pub(super) fn register(engine: &mut Engine) {
    let mut module = Module::new();
    for (_, register) in TOPICS {
        register(&mut module);
    }
    engine.register_global_module(module.into());
}
