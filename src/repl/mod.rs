//! The REPL: evaluates scripts and commands line by line, at a terminal or without one.
//!
//! A [`Shell`] holds the state of a session. [`run_interactive`] reads inputs at a terminal, [`run_lines`] from a pipe, and [`run_input`]
//! runs a single one. The line editor asks for completions (`completer`), colors (`highlighter`), earlier inputs (`history`) and
//! whether an input is complete (`validator`).

mod actions;
mod commands;
mod completer;
mod completion_index;
mod editor;
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

pub use self::interactive::{ExitReason, run_interactive};
pub use self::non_interactive::{run_input, run_lines};
pub use self::shell::{InputResult, OutputMode, ReplFrontend, Shell, ShellConfig};
pub use self::test_hooks::TestHooks;
