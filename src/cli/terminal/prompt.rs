//! Asking the person at the terminal.
//!
//! That is standard input; where it was read as data, it is the terminal that controls the process.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::oneshot;

use crate::cli::output::prose;
use crate::runtime::Runtime;
use crate::table::is_stdin_consumed;

/// Where a question is shown, and where its answer comes from.
enum PromptTty {
    /// Standard error and standard input.
    Standard,
    /// The terminal that controls the process: what is written to it is shown, what is read from it was typed.
    Controlling { output: File, input: File },
}

impl PromptTty {
    /// Finds where somebody can be asked, if anywhere. They must see on standard error what it is about.
    fn find() -> Option<Self> {
        if !io::stderr().is_terminal() {
            None
        } else if is_stdin_consumed() {
            let open = File::options().read(true).write(true).clone();
            Some(Self::Controlling {
                output: open.open(platform::TTY_OUTPUT).ok()?,
                input: open.open(platform::TTY_INPUT).ok()?,
            })
        } else {
            io::stdin().is_terminal().then_some(Self::Standard)
        }
    }

    /// Writes to it; a terminal that is gone cannot answer either.
    fn show(&mut self, text: &str) {
        let _ = match self {
            Self::Standard => write(&mut io::stderr().lock(), text),
            Self::Controlling { output, .. } => write(output, text),
        };
    }

    /// Reads a line of what is typed; none at the end of the input. Where `cancelled` is set first, it takes nothing: what is
    /// typed later is for somebody else.
    fn read_line(self, cancelled: &AtomicBool) -> String {
        let mut line = String::new();
        let has_line = match &self {
            Self::Standard => platform::wait_for_line(&io::stdin(), cancelled),
            Self::Controlling { input, .. } => platform::wait_for_line(input, cancelled),
        };
        if has_line {
            let _ = match self {
                Self::Standard => io::stdin().lock().read_line(&mut line),
                Self::Controlling { input, .. } => BufReader::new(input).read_line(&mut line),
            };
        }
        line
    }
}

fn write(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Tells whether somebody can be asked: there is a terminal to show a question on, and one to answer it at.
pub(in crate::cli) fn can_ask() -> bool {
    PromptTty::find().is_some()
}

/// Asks `question` and returns the answer, trimmed and in lower case; empty at the end of the input. `None` where Ctrl-C
/// was the answer.
pub(in crate::cli) fn ask(runtime: &Runtime, question: &str) -> Option<String> {
    let Some(mut tty) = PromptTty::find() else {
        return Some(String::new());
    };
    // What was typed before a question was seen is no answer to it.
    match &tty {
        PromptTty::Standard => platform::discard_typeahead(&io::stdin()),
        PromptTty::Controlling { input, .. } => platform::discard_typeahead(input),
    }
    tty.show(&format!("{} ", prose(question)));
    let (sender, answer) = oneshot::channel();
    let cancelled = Arc::new(AtomicBool::new(false));
    let reader_cancelled = Arc::clone(&cancelled);
    // Reading cannot be interrupted, so a thread of its own does it.
    let reader = thread::spawn(move || {
        let _ = sender.send(tty.read_line(&reader_cancelled));
    });
    let answered = runtime.wait_unless_interrupted(answer);
    if answered.is_none() {
        let _ = writeln!(io::stderr());
        cancelled.store(true, Ordering::Relaxed);
        if cfg!(unix) {
            // What is typed from now on is for whoever asks next.
            let _ = reader.join();
        }
    }
    let line = answered?.unwrap_or_default();
    Some(line.trim().to_lowercase())
}

#[cfg(unix)]
mod platform {
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fd::AsFd;
    use rustix::termios::{QueueSelector, tcflush};

    /// How often it is looked whether the question was given up.
    const POLL_INTERVAL: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 50_000_000,
    };

    pub(in crate::cli) const TTY_OUTPUT: &str = "/dev/tty";
    pub(in crate::cli) const TTY_INPUT: &str = "/dev/tty";

    pub(in crate::cli) fn discard_typeahead(terminal: &impl AsFd) {
        let _ = tcflush(terminal, QueueSelector::IFlush);
    }

    /// Waits until a line was typed; `false` where `cancelled` was set before.
    pub(in crate::cli) fn wait_for_line(terminal: &impl AsFd, cancelled: &AtomicBool) -> bool {
        while !cancelled.load(Ordering::Relaxed) {
            let mut waiting = [PollFd::new(terminal, PollFlags::IN)];
            match poll(&mut waiting, Some(&POLL_INTERVAL)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                // Where this terminal cannot be waited for, reading it waits too.
                Ok(_) | Err(_) => return true,
            }
        }
        false
    }
}

#[cfg(not(unix))]
mod platform {
    use std::sync::atomic::AtomicBool;

    pub(in crate::cli) const TTY_OUTPUT: &str = "CONOUT$";
    pub(in crate::cli) const TTY_INPUT: &str = "CONIN$";

    pub(in crate::cli) fn discard_typeahead<T>(_terminal: &T) {}

    /// A console reads on after Ctrl-C, and nobody can be told to stop.
    pub(in crate::cli) fn wait_for_line<T>(_terminal: &T, _given_up: &AtomicBool) -> bool {
        true
    }
}
