//! Prompts the user at the terminal.
//!
//! The answer is read from standard input or, if that was read as data, from the controlling terminal.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::oneshot;

use crate::cli::output::wrap_for_stderr;
use crate::file_access::Stdin;
use crate::runtime::Runtime;

/// Where a question is shown and answered.
enum PromptTty {
    /// Standard error and standard input.
    Standard,
    /// The controlling terminal of the process.
    Controlling { output: File, input: File },
}

impl PromptTty {
    /// Finds a terminal to prompt at. Standard error must be one, as it shows what the question is about.
    fn find(stdin: &Stdin) -> Option<Self> {
        if !io::stderr().is_terminal() {
            None
        } else if stdin.is_taken() {
            let open = File::options().read(true).write(true).clone();
            Some(Self::Controlling {
                output: open.open(platform::TTY_OUTPUT).ok()?,
                input: open.open(platform::TTY_INPUT).ok()?,
            })
        } else {
            io::stdin().is_terminal().then_some(Self::Standard)
        }
    }

    /// Writes `text`. Errors are ignored: a terminal that is gone cannot answer either.
    fn show(&mut self, text: &str) {
        let _ = match self {
            Self::Standard => write(&mut io::stderr().lock(), text),
            Self::Controlling { output, .. } => write(output, text),
        };
    }

    /// Reads a line, which is empty at the end of the input. If `cancelled` is set first, nothing is read, so that later input
    /// goes to the next reader.
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

/// Returns whether the user can be prompted.
pub(in crate::cli) fn can_ask(stdin: &Stdin) -> bool {
    PromptTty::find(stdin).is_some()
}

/// Asks `question` and returns the answer, trimmed and in lower case; empty at the end of the input. `None` means that the
/// user pressed Ctrl-C.
pub(in crate::cli) fn ask(runtime: &Runtime, stdin: &Stdin, question: &str) -> Option<String> {
    let Some(mut tty) = PromptTty::find(stdin) else {
        return Some(String::new());
    };
    // Keys typed before the question was shown are not an answer to it.
    match &tty {
        PromptTty::Standard => platform::discard_typeahead(&io::stdin()),
        PromptTty::Controlling { input, .. } => platform::discard_typeahead(input),
    }
    tty.show(&format!("{} ", wrap_for_stderr(question)));
    let (sender, answer) = oneshot::channel();
    let cancelled = Arc::new(AtomicBool::new(false));
    let reader_cancelled = Arc::clone(&cancelled);
    // Reading cannot be interrupted, so it happens on its own thread.
    let reader = thread::spawn(move || {
        let _ = sender.send(tty.read_line(&reader_cancelled));
    });
    let answered = runtime.wait_unless_interrupted(answer);
    if answered.is_none() {
        let _ = writeln!(io::stderr());
        cancelled.store(true, Ordering::Relaxed);
        if cfg!(unix) {
            // From now on, typed keys belong to the next reader.
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

    /// How often the cancellation is checked.
    const POLL_INTERVAL: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 50_000_000,
    };

    pub(in crate::cli) const TTY_OUTPUT: &str = "/dev/tty";
    pub(in crate::cli) const TTY_INPUT: &str = "/dev/tty";

    pub(in crate::cli) fn discard_typeahead(terminal: &impl AsFd) {
        let _ = tcflush(terminal, QueueSelector::IFlush);
    }

    /// Waits for a line; returns `false` if `cancelled` is set first.
    pub(in crate::cli) fn wait_for_line(terminal: &impl AsFd, cancelled: &AtomicBool) -> bool {
        while !cancelled.load(Ordering::Relaxed) {
            let mut waiting = [PollFd::new(terminal, PollFlags::IN)];
            match poll(&mut waiting, Some(&POLL_INTERVAL)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                // If the terminal cannot be polled, the read will wait instead.
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

    /// A console cannot be polled, and reading it cannot be cancelled.
    pub(in crate::cli) fn wait_for_line<T>(_terminal: &T, _cancelled: &AtomicBool) -> bool {
        true
    }
}
