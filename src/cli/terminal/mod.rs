//! The terminal: shows plans, progress and results, prompts the user, and names the commands to run next.

mod consent;
mod console;
mod event_text;
mod frontend;
mod kind_text;
mod plan_pages;
mod plan_text;
mod problem_text;
mod progress;
mod prompt;
mod row_text;
mod summary_text;

pub(super) use self::console::{Terminal, TerminalConfig};
pub(super) use self::problem_text::problem_lines;
pub(super) use self::progress::LongWaitNotifier;
pub(super) use self::prompt::{ask, can_ask};
pub(super) use self::summary_text::{NextCommands, describe_counts, next_commands, quoted};
