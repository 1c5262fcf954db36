//! The commands: a file each, with its arguments and its run, or a folder where it has parts. Printing stays here.
//!
//! What they share stands in three folders, each of which uses those behind it only: [`options`] reads the command line,
//! [`terminal`] shows and asks, [`output`] prints.

#![allow(
    clippy::doc_markdown,
    reason = "arguments' doc comments are their help, where backticks would show"
)]

mod check;
mod command_error;
mod completions;
mod docs;
mod doctor;
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
mod start;
mod terminal;
mod test;
mod usage;

pub use self::options::read_arguments;
pub use self::start::{main, report_failed_start};
pub use crate::script::STACK;
