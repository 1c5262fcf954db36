//! The commands: one file each, with its arguments and its run. Printing stays here.

#![allow(
    clippy::doc_markdown,
    reason = "arguments' doc comments are their help, where backticks would show"
)]

mod connection;
mod failure;
mod plan_text;
mod run;
mod sandbox;
mod script_args;
mod scripts;
mod start;
mod terminal;

pub use self::start::{main, report_failed_start};
