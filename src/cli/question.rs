//! Asking the person at the terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::thread;

use tokio::sync::oneshot;

use crate::runtime::Runtime;

/// Tells whether somebody can be asked: there is a terminal to show a question on, and one to answer it at.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// What was typed before a question was seen is no answer to it.
#[cfg(unix)]
fn forget_typed_ahead() {
    use rustix::termios::{QueueSelector, tcflush};

    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
}

#[cfg(not(unix))]
fn forget_typed_ahead() {}

/// Asks `question` and returns the answer, trimmed and in lower case; empty at the end of the input. `None` where Ctrl-C
/// was the answer.
pub(super) fn ask(runtime: &Runtime, question: &str) -> Option<String> {
    forget_typed_ahead();
    let mut terminal = io::stderr().lock();
    let _ = write!(terminal, "{question} ");
    let _ = terminal.flush();
    drop(terminal);
    let (sender, answer) = oneshot::channel();
    // Reading cannot be interrupted, so a thread of its own does it; the process does not wait for it at its end.
    thread::spawn(move || {
        let mut line = String::new();
        let _ = io::stdin().lock().read_line(&mut line);
        let _ = sender.send(line);
    });
    let answered = runtime.wait_unless_interrupted(answer);
    if answered.is_none() {
        let _ = writeln!(io::stderr());
    }
    let line = answered?.unwrap_or_default();
    Some(line.trim().to_lowercase())
}
