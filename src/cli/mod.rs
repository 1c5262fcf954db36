//! The commands: one file each, with its arguments and its `run`, or a folder. Nothing outside this folder prints.
//!
//! Commands share three folders, each of which uses only those after it: [`options`] parses the command line, [`terminal`]
//! shows plans and prompts the user, [`output`] prints.

#![allow(
    clippy::doc_markdown,
    reason = "arguments' doc comments are their help, where backticks would show"
)]

mod check;
mod command_error;
mod completions;
mod dispatch;
mod docs;
mod doctor;
mod find;
mod new;
mod options;
mod output;
mod repl;
mod run;
mod runs;
mod sandbox;
mod scripts;
mod send;
mod sessions;
mod terminal;
mod test;
mod undo;
mod usage;

pub use self::dispatch::{main, report_failed_start, report_unprotected};
pub use self::options::read_arguments;

pub use crate::script::STACK;
