//! The person at the terminal: what they are shown of plans and of sending, what they are asked, and what comes next.

mod console;
mod long_wait;
mod plan_text;
mod progress;
mod prompt;
mod summary_text;

pub(super) use self::console::{Terminal, TerminalConfig};
pub(super) use self::long_wait::LongWaitNotifier;
pub(super) use self::prompt::{ask, can_ask};
pub(super) use self::summary_text::{NextCommands, next_commands, quoted};
