//! Asking the person at the terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// Waits until a line was typed; `false` where `given_up` was set before. Who reads then takes nothing that is typed later,
/// to somebody else.
#[cfg(unix)]
fn line_comes(given_up: &AtomicBool) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    const LOOK: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 50_000_000,
    };
    let stdin = io::stdin();
    while !given_up.load(Ordering::Relaxed) {
        let mut waiting = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut waiting, Some(&LOOK)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            // Where this terminal cannot be waited for, reading it waits too.
            Ok(_) | Err(_) => return true,
        }
    }
    false
}

/// A console reads on after Ctrl-C, and nobody can be told to stop.
#[cfg(not(unix))]
fn line_comes(_: &AtomicBool) -> bool {
    true
}

/// Asks `question` and returns the answer, trimmed and in lower case; empty at the end of the input. `None` where Ctrl-C
/// was the answer.
pub(super) fn ask(runtime: &Runtime, question: &str) -> Option<String> {
    forget_typed_ahead();
    let mut terminal = io::stderr().lock();
    let _ = write!(terminal, "{question} ");
    let _ = terminal.flush();
    drop(terminal);
    let (sender, answer) = oneshot::channel();
    let given_up = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&given_up);
    // Reading cannot be interrupted, so a thread of its own does it.
    let reader = thread::spawn(move || {
        let mut line = String::new();
        if line_comes(&heard) {
            let _ = io::stdin().lock().read_line(&mut line);
        }
        let _ = sender.send(line);
    });
    let answered = runtime.wait_unless_interrupted(answer);
    if answered.is_none() {
        let _ = writeln!(io::stderr());
        given_up.store(true, Ordering::Relaxed);
        if cfg!(unix) {
            // What is typed from now on is for whoever asks next.
            let _ = reader.join();
        }
    }
    let line = answered?.unwrap_or_default();
    Some(line.trim().to_lowercase())
}
