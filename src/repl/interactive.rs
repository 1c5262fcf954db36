//! The read–eval–print loop at a terminal.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use reedline::Signal;

use super::actions::handle_input;
use super::editor::editor;
use super::history::FilteredHistory;
use super::prompt::ReplPrompt;
use super::shell::{InputResult, Shell};
use crate::error::Error;
use crate::reference::Reference;
use crate::runtime::ReplSignals;
use crate::script::Termination;
use crate::text::escape_line;

/// Why a session at a terminal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReason {
    UserQuit,
    /// An input called `exit`.
    Exit(Option<u8>),
    /// A signal ended it.
    Signalled,
}

/// Reads and runs inputs at the terminal until the user quits.
///
/// `preloaded` is the result of the script that was run first: its error is shown, and the session continues.
pub fn run_interactive(
    shell: &mut Shell,
    preloaded: Result<InputResult, Error>,
    history: &Path,
    signals: &ReplSignals,
) -> Result<ExitReason, Error> {
    shell.frontend.note(&shell.greeting());
    if let Some(exit_reason) = exit_reason(shell, preloaded) {
        return Ok(exit_reason);
    }
    let completion_index = shell.completion_index.clone();
    // The first prompt does not wait for the reference: it is not needed before the first key.
    thread::spawn(move || {
        let reference = Reference::read();
        // Reading Rhai's own functions takes longest, so that is done here too.
        let _ = reference.standard();
        completion_index.read(|index| index.set_reference(reference));
    });
    let history = FilteredHistory::open(history).unwrap_or_else(|error| {
        let text = format!("the history of this session is not saved: {error}");
        shell.frontend.note(&text);
        FilteredHistory::in_memory()
    });
    let mut editor = editor(
        &shell.completion_index,
        history,
        Arc::clone(&signals.leave),
        shell.frontend.colors(),
    );
    shell.session.host.prefetch_assessment();
    loop {
        if signals.leave.load(Ordering::Relaxed) {
            // The terminal may be gone, and then reading from it would fail.
            return Ok(ExitReason::Signalled);
        }
        shell.refresh_completion_index();
        signals.reading.store(true, Ordering::Relaxed);
        let signal = editor.read_line(&prompt(shell));
        signals.reading.store(false, Ordering::Relaxed);
        match signal {
            Ok(Signal::Success(input)) => match handle_input(shell, &input) {
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
                // The cursor is still in the line of the prompt.
                shell.frontend.note("");
                return Ok(ExitReason::Signalled);
            }
            // The terminal is gone, and its signal may not have arrived yet.
            Err(_) if !io::stdin().is_terminal() => return Ok(ExitReason::Signalled),
            Err(error) => return Err(Error::Terminal(io::Error::other(error))),
        }
    }
}

/// Shows how an input failed, and returns why the session ends if it does.
fn exit_reason(shell: &Shell, result: Result<InputResult, Error>) -> Option<ExitReason> {
    match result {
        Ok(InputResult::Quit) => Some(ExitReason::UserQuit),
        Ok(InputResult::Ended(Termination::Exit(status))) => Some(ExitReason::Exit(status)),
        Ok(InputResult::Ended(Termination::Interrupted)) => {
            shell.frontend.note("interrupted");
            None
        }
        // In the other cases, what ended the input has printed the reason.
        Ok(InputResult::Done | InputResult::ClearScreen | InputResult::Ended(_)) => None,
        Err(error) => {
            shell.frontend.print_error(&error);
            None
        }
    }
}

fn prompt(shell: &Shell) -> ReplPrompt {
    let endpoint = if shell.sandbox {
        "sandbox".to_owned()
    } else {
        let label = shell.session.host.assessment_label();
        label.unwrap_or_else(|| shell.endpoint.clone())
    };
    ReplPrompt {
        endpoint: escape_line(&endpoint),
        is_real: !shell.sandbox,
        live: shell.live,
    }
}
