//! The person at the terminal: what they are shown of plans and of sending, what they are asked, and what comes next.

mod console;
mod ending_text;
mod long_wait;
mod plan_text;
mod progress;
mod question;

pub(super) use self::console::{Occasion, Terminal};
pub(super) use self::ending_text::{Commands, next_commands, quoted};
pub(super) use self::long_wait::LongWait;
pub(super) use self::plan_text::rows;
pub(super) use self::question::{ask, can_ask};
