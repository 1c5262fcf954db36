//! The loop at a terminal: read, do, show, again.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use reedline::Signal;

use super::editor::editor;
use super::history::WithoutKeys;
use super::prompt::WhereWeAre;
use super::shell::{Shell, Taken};
use crate::error::Error;
use crate::reference::Reference;
use crate::render::visible_line;
use crate::script::Ending;

/// How a session at a terminal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The user left.
    AsWished,
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
pub fn interact(
    shell: &mut Shell,
    before: Result<Taken, Error>,
    history: &Path,
    leave: Arc<AtomicBool>,
    reading: &AtomicBool,
) -> Result<Left, Error> {
    shell.front.note(&shell.greeting());
    if let Some(left) = left(shell, before) {
        return Ok(left);
    }
    let knowledge = shell.knowledge.clone();
    // Not needed before the first key, and the first prompt shall not wait for it.
    thread::spawn(move || {
        let reference = Reference::read();
        // Read here too, where nobody waits for it.
        let _ = reference.standard();
        knowledge.read(|known| known.provide(reference));
    });
    let history = WithoutKeys::open(history).unwrap_or_else(|error| {
        let text = format!("inputs of this session are not kept: {error}");
        shell.front.note(&text);
        WithoutKeys::in_memory()
    });
    let is_over = Arc::clone(&leave);
    let mut editor = editor(&shell.knowledge, history, leave, shell.front.colors());
    shell.session.host().look_up_assessment();
    loop {
        if is_over.load(Ordering::Relaxed) {
            // The terminal may be gone, and reading from it be an error.
            return Ok(Left::Signalled);
        }
        shell.publish();
        reading.store(true, Ordering::Relaxed);
        let signal = editor.read_line(&shell.prompt());
        reading.store(false, Ordering::Relaxed);
        match signal {
            Ok(Signal::Success(input)) => match shell.take(&input) {
                Ok(Taken::Cleared) => {
                    let _ = editor.clear_scrollback();
                }
                taken => {
                    if let Some(left) = left(shell, taken) {
                        return Ok(left);
                    }
                }
            },
            Ok(Signal::CtrlC) => {}
            Ok(Signal::CtrlD) => return Ok(Left::AsWished),
            Ok(_) => {
                // The prompt's line is still open.
                shell.front.note("");
                return Ok(Left::Signalled);
            }
            // The terminal is gone, and the signal that says so may not have come yet.
            Err(_) if !io::stdin().is_terminal() => return Ok(Left::Signalled),
            Err(error) => return Err(Error::Terminal(io::Error::other(error))),
        }
    }
}

/// Tells what came of an input, and whether it was the last one.
fn left(shell: &Shell, taken: Result<Taken, Error>) -> Option<Left> {
    match taken {
        Ok(Taken::Quit) => Some(Left::AsWished),
        Ok(Taken::Ended(Ending::Exit(status))) => Some(Left::Exit(status)),
        Ok(Taken::Ended(Ending::Interrupted)) => {
            shell.front.note("interrupted");
            None
        }
        // Whoever ended it otherwise has said why.
        Ok(Taken::Done | Taken::Cleared | Taken::Ended(_)) => None,
        Err(error) => {
            shell.front.complain(&error);
            None
        }
    }
}

impl Shell {
    fn prompt(&self) -> WhereWeAre {
        let host = self.session.host();
        let place = if self.sandbox {
            "sandbox".to_owned()
        } else {
            let label = host.assessment_label();
            label.unwrap_or_else(|| self.place.clone())
        };
        WhereWeAre {
            place: visible_line(&place),
            is_real: !self.sandbox,
            live: self.live,
        }
    }
}
