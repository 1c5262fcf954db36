//! The commands: one file each, with its arguments and its run. Printing stays here.

#![allow(
    clippy::doc_markdown,
    reason = "arguments' doc comments are their help, where backticks would show"
)]

mod check;
mod completions;
mod connection;
mod docs;
mod doctor;
mod doctor_checks;
mod doctor_text;
mod durations;
mod echo;
mod ending_text;
mod escaping;
mod failure;
mod formats;
mod long_wait;
mod new;
mod output;
mod pages;
mod permissions;
mod plan_text;
mod progress;
mod question;
mod repl;
mod row_formats;
mod run;
mod runs;
mod runs_removal;
mod runs_report;
mod runs_text;
mod sandbox;
mod script_args;
mod scripts;
mod send;
mod sending;
mod sessions;
mod sessions_report;
mod sessions_text;
mod start;
mod terminal;
mod test;
mod test_stage;
mod test_text;
mod watch;
mod watch_screen;
mod watch_text;

pub use self::script_args::read_arguments;
pub use self::start::{main, report_failed_start};
pub use crate::script::STACK;
