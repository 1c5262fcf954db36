//! The interactive session: the loop, its commands, and what the line editor asks for.
//!
//! A [`Shell`] does what an input says, for somebody at a terminal ([`run_interactive`]) or without one ([`run_lines`], [`run_input`]). The
//! line editor has a seam for each of its questions: is this complete (`validator`), what fits here (`completer`), which
//! colour has it (`highlighter`), what was entered before (`history`).

mod actions;
mod commands;
mod completer;
mod completion_index;
mod editor;
mod frontend;
mod highlighter;
mod history;
mod input_log;
mod interactive;
mod lexer;
mod non_interactive;
mod prompt;
mod results;
mod shell;
mod test_hooks;
mod validator;

pub use self::frontend::ReplFrontend;
pub use self::interactive::{ExitReason, run_interactive};
pub use self::non_interactive::{run_input, run_lines};
pub use self::shell::{InputResult, OutputMode, Shell, ShellConfig};
pub use self::test_hooks::TestHooks;
