//! The functions that scripts can call, one file per noun.
//!
//! Each function fetches the host, converts its arguments, calls one domain function, and converts the result. Its doc
//! comment is the reference: a summary of one line, then `# Errors` (code: when) and `# Example`. The keys of maps
//! that functions take are declared with `option_map!`, and listed in [`MAP_SCHEMAS`].

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
mod business_days;
mod calendar;
mod candidates;
mod conditions;
mod conversion;
mod csv;
mod dates;
mod datetimes;
mod durations;
mod files;
mod invites;
mod lists;
mod maps;
mod name_formats;
mod names;
mod numbers;
mod outcomes;
pub(super) mod patterns;
mod print_table;
mod process;
mod reports;
mod revocations;
mod rows;
mod scan_csv;
mod scores;
mod session_changes;
mod sessions;
mod tables;
mod testing;
mod texts;
mod times;
mod write_xlsx;
mod xlsx;
mod zones;

use rhai::{Engine, Module, combine_with_exported_module};

use self::api_keys::API_KEY;
use self::assertions::ERROR;
use self::assessments::ASSESSMENT;
use self::candidates::{CANDIDATE, CandidateQuery};
use self::conversion::table_options::{
    OverwriteOptions, ReadCsvOptions, ReadTableOptions, ReadXlsxOptions, WriteCsvOptions,
};
use self::dates::DateOptions;
use self::invites::{INVITE, InviteMap};
use self::lists::grouping::GROUP;
use self::name_formats::NameFormatOptions;
use self::numbers::FormatNumberOptions;
use self::scores::ScoreAllOptions;
use self::scores::score_sessions::SCORE;
use self::sessions::{SESSION, SessionQuery};
use self::testing::SCRIPT_RESULT;
use self::write_xlsx::WriteXlsxOptions;
use self::zones::ZoneOptions;
use super::host::test_environment::RunOptions;
use super::rows::results::RESULT;
use super::values::option_map::{MapSchema, OptionMap as _};
use super::values::result_shape::{FILE_ROW, ResultShape};

/// Lists topics, each with the files that have its functions.
macro_rules! topics {
    ($($title:literal: [$($($file:ident)::+),+],)+) => {
        &[$(($title, &[$(|module| {
            combine_with_exported_module!(module, $title, $($file::)+functions);
        }),+])),+]
    };
}

/// Adds the functions and types of a file to a module.
type Register = fn(&mut Module);

/// The topics of the reference, in order, with the functions and types of each.
pub(super) const TOPICS: &[(&str, &[Register])] = topics! {
    "Inviting": [invites],
    "Revoking": [revocations],
    "Outcome": [outcomes],
    "Files": [files, scan_csv, csv, xlsx, write_xlsx, tables],
    "Rows": [rows, conditions],
    "Lists": [lists::items, lists::grouping, lists::ordering],
    "Texts": [texts, patterns],
    "Maps": [maps],
    "Numbers": [numbers],
    "Names": [names, name_formats],
    "Time": [times, dates, zones, business_days, calendar, datetimes, durations],
    "Sessions": [sessions],
    "Scores": [scores],
    "Assessments": [assessments],
    "Candidates": [candidates],
    "API keys": [api_keys],
    "Showing": [print_table, reports],
    "Script": [process],
    "Testing": [assertions, testing],
};

/// The keys that the last parameter of a function takes, by the signature of the function: those of a map, of the maps
/// in a list of rows, or of the map that a closure returns.
pub(super) static MAP_SCHEMAS: [(&str, MapSchema); 25] = [
    ("ensure_writable(path, options)", OverwriteOptions::SCHEMA),
    (
        "format_number(number, options)",
        FormatNumberOptions::SCHEMA,
    ),
    ("invite(request)", InviteMap::SCHEMA),
    ("invite_all(rows)", InviteMap::SCHEMA),
    ("invite_all(rows, request)", InviteMap::SCHEMA),
    ("list_candidates(filter)", CandidateQuery::SCHEMA),
    ("list_sessions(filter)", SessionQuery::SCHEMA),
    ("name_format(rows, options)", NameFormatOptions::SCHEMA),
    ("read_csv(path, options)", ReadCsvOptions::SCHEMA),
    ("read_table(path, options)", ReadTableOptions::SCHEMA),
    ("read_xlsx(path, options)", ReadXlsxOptions::SCHEMA),
    ("run_script(path, arguments, options)", RunOptions::SCHEMA),
    ("scan_csv(path, options)", ReadCsvOptions::SCHEMA),
    ("score_all(sessions, choice)", ScoreAllOptions::SCHEMA),
    ("write_csv(outcome, path, options)", WriteCsvOptions::SCHEMA),
    ("write_csv(path, rows, options)", WriteCsvOptions::SCHEMA),
    ("write_json(path, value, options)", OverwriteOptions::SCHEMA),
    (
        "write_report(path, sessions, scores, options)",
        OverwriteOptions::SCHEMA,
    ),
    ("write_text(path, text, options)", OverwriteOptions::SCHEMA),
    ("write_xlsx(path, rows, options)", WriteXlsxOptions::SCHEMA),
    ("datetime(text, options)", DateOptions::SCHEMA),
    ("datetime(text, zone_name, options)", DateOptions::SCHEMA),
    ("deadline(text, options)", DateOptions::SCHEMA),
    ("deadline(text, zone_name, options)", DateOptions::SCHEMA),
    ("zone(name, options)", ZoneOptions::SCHEMA),
];

/// The maps that functions return, alone or as the items of a list, by the signature of the function.
pub(super) static RESULT_SHAPES: [(&str, ResultShape); 29] = [
    ("assert_throws(closure)", ERROR),
    ("assert_throws(closure, code)", ERROR),
    ("assessment(id_or_name)", ASSESSMENT),
    ("failures(outcome)", RESULT),
    ("group_by(list, key)", GROUP),
    ("invite(email, name)", INVITE),
    ("invite(request)", INVITE),
    ("list_api_keys()", API_KEY),
    ("list_assessments()", ASSESSMENT),
    ("list_candidates()", CANDIDATE),
    ("list_candidates(filter)", CANDIDATE),
    ("list_sessions()", SESSION),
    ("list_sessions(filter)", SESSION),
    ("read_csv(path)", FILE_ROW),
    ("read_csv(path, options)", FILE_ROW),
    ("read_table(path)", FILE_ROW),
    ("read_table(path, options)", FILE_ROW),
    ("read_xlsx(path)", FILE_ROW),
    ("read_xlsx(path, options)", FILE_ROW),
    ("results(outcome)", RESULT),
    ("run_script(path)", SCRIPT_RESULT),
    ("run_script(path, arguments)", SCRIPT_RESULT),
    ("run_script(path, arguments, options)", SCRIPT_RESULT),
    ("scan_csv(path)", FILE_ROW),
    ("scan_csv(path, options)", FILE_ROW),
    ("score(session_id)", SCORE),
    ("score_all(sessions)", SCORE),
    ("score_all(sessions, choice)", SCORE),
    ("session(id)", SESSION),
];

/// Registers every function and type with `engine`, as a single module: Rhai searches all modules at each call.
pub(super) fn register(engine: &mut Engine) {
    let mut module = Module::new();
    for register in TOPICS.iter().flat_map(|(_, files)| *files) {
        register(&mut module);
    }
    engine.register_global_module(module.into());
}
