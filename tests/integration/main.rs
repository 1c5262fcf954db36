//! The integration tests: one binary, a file for each topic. Most tests run the program as a user does, and check what the
//! user sees.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics shows where it stopped"
)]

mod addresses;
mod arguments;
mod assessment_deadlines;
mod assessment_locks;
mod calendar;
mod candidate_list;
mod change_consent;
mod change_kills;
mod change_overviews;
mod change_service;
mod changes;
mod check;
mod check_fix;
mod checked_comparisons;
mod client;
mod closures;
mod column_names;
mod completions;
mod confinement;
#[cfg(unix)]
mod confirmation;
mod corpus;
mod csv_options;
mod csv_quotes;
mod csv_seeds;
mod csv_spectrum;
mod csv_writing;
mod dates;
mod deadlines;
mod deferred_plans;
mod displaced_ledger;
mod doctor;
mod documents;
mod dry_runs;
mod early_stops;
mod encodings;
mod errors;
mod existing_sessions;
mod faults;
mod files;
mod find;
mod foreign_syntax;
#[cfg(unix)]
mod generated_names;
mod hardening;
mod help;
mod hints;
mod hold;
mod hostile;
mod imports;
mod interpretations;
mod kept_sessions;
mod keys;
mod layers;
mod ledger;
mod ledger_formats;
mod limits;
mod lists;
mod literals;
mod look_ups;
mod lost_output;
mod made_files;
mod memory;
mod misplaced_keys;
mod misplaced_tables;
mod names;
mod new;
mod options;
mod other_formats;
mod output;
mod overwriting;
mod own_files;
#[cfg(target_os = "linux")]
mod peak_memory;
mod plan_promises;
mod plan_text;
mod plans;
mod problems;
mod profiles;
mod reading_differential;
mod reference;
mod reliability;
#[cfg(unix)]
mod repl;
mod repl_unattended;
mod report;
mod restrictions;
mod retention;
mod retries;
mod returned_sessions;
mod revocations;
mod rules;
mod run;
mod runs;
mod sandbox;
mod scans;
mod scores;
#[cfg(unix)]
mod screen;
mod seeds;
mod selection;
mod send;
mod service;
mod sessions;
mod shards;
mod shipped;
mod single_invites;
mod source_code;
mod stdin;
mod stub;
mod support;
mod testing;
mod times;
mod tls;
mod two_processes;
mod unclear_ends;
mod undo_attribution;
mod undo_plans;
mod usage;
#[cfg(unix)]
mod value_types;
mod values;
mod watch;
mod workbooks;
mod written_files;
mod zoneinfo;
mod zones;
