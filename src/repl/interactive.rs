//! The loop at a terminal: read, do, show, again.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use reedline::Signal;

use super::editor::editor;
use super::history::FilteredHistory;
use super::prompt::ReplPrompt;
use super::shell::{InputResult, Shell};
use crate::error::Error;
use crate::reference::Reference;
use crate::runtime::ReplSignals;
use crate::script::Termination;
use crate::text::escape_line;

/// How a session at a terminal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReason {
    /// The user left.
    UserQuit,
    /// An input called `exit`.
    Exit(Option<u8>),
    /// A signal ended it.
    Signalled,
}

/// Reads inputs at the terminal and does what they say, until the user leaves. What came of a script that was run before is
/// told first: the session goes on where it failed. `leave` ends the line that is `reading`.
///
/// # Errors
/// The terminal cannot be read.
pub fn run_interactive(
    shell: &mut Shell,
    before: Result<InputResult, Error>,
    history: &Path,
    signals: &ReplSignals,
) -> Result<ExitReason, Error> {
    shell.frontend.note(&shell.greeting());
    if let Some(exit_reason) = exit_reason(shell, before) {
        return Ok(exit_reason);
    }
    let completion_index = shell.completion_index.clone();
    // Not needed before the first key, and the first prompt shall not wait for it.
    thread::spawn(move || {
        let reference = Reference::read();
        // Read here too, where nobody waits for it.
        let _ = reference.standard();
        completion_index.read(|index| index.set_reference(reference));
    });
    let history = FilteredHistory::open(history).unwrap_or_else(|error| {
        let text = format!("inputs of this session are not kept: {error}");
        shell.frontend.note(&text);
        FilteredHistory::in_memory()
    });
    let mut editor = editor(
        &shell.completion_index,
        history,
        Arc::clone(&signals.leave),
        shell.frontend.colors(),
    );
    shell.session.host().prefetch_assessment();
    loop {
        if signals.leave.load(Ordering::Relaxed) {
            // The terminal may be gone, and reading from it be an error.
            return Ok(ExitReason::Signalled);
        }
        shell.refresh_completion_index();
        signals.reading.store(true, Ordering::Relaxed);
        let signal = editor.read_line(&shell.prompt());
        signals.reading.store(false, Ordering::Relaxed);
        match signal {
            Ok(Signal::Success(input)) => match shell.handle_input(&input) {
                Ok(InputResult::ClearScreen) => {
                    let _ = editor.clear_scrollback();
                }
                result => {
                    if let Some(exit_reason) = exit_reason(shell, result) {
                        return Ok(exit_reason);
                    }
                }
            },
            Ok(Signal::CtrlC) => {}
            Ok(Signal::CtrlD) => return Ok(ExitReason::UserQuit),
            Ok(_) => {
                // The prompt's line is still open.
                shell.frontend.note("");
                return Ok(ExitReason::Signalled);
            }
            // The terminal is gone, and the signal that says so may not have come yet.
            Err(_) if !io::stdin().is_terminal() => return Ok(ExitReason::Signalled),
            Err(error) => return Err(Error::Terminal(io::Error::other(error))),
        }
    }
}

/// Tells what came of an input, and whether it was the last one.
fn exit_reason(shell: &Shell, result: Result<InputResult, Error>) -> Option<ExitReason> {
    match result {
        Ok(InputResult::Quit) => Some(ExitReason::UserQuit),
        Ok(InputResult::Ended(Termination::Exit(status))) => Some(ExitReason::Exit(status)),
        Ok(InputResult::Ended(Termination::Interrupted)) => {
            shell.frontend.note("interrupted");
            None
        }
        // Whoever ended it otherwise has said why.
        Ok(InputResult::Done | InputResult::ClearScreen | InputResult::Ended(_)) => None,
        Err(error) => {
            shell.frontend.print_error(&error);
            None
        }
    }
}

impl Shell {
    fn prompt(&self) -> ReplPrompt {
        let host = self.session.host();
        let endpoint = if self.sandbox {
            "sandbox".to_owned()
        } else {
            let label = host.assessment_label();
            label.unwrap_or_else(|| self.endpoint.clone())
        };
        ReplPrompt {
            endpoint: escape_line(&endpoint),
            is_real: !self.sandbox,
            live: self.live,
        }
    }
}
