//! Asking the person at the terminal.
//!
//! That is standard input; where it was read as data, it is the terminal that controls the process.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Write};
use std::thread;

use tokio::sync::oneshot;

use crate::runtime::Runtime;
use crate::table::stdin_is_data;

/// Where a question is shown, and where its answer comes from.
enum Place {
    /// Standard error and standard input.
    Standard,
    /// The terminal that controls the process: what is written to it is shown, what is read from it was typed.
    Controlling { shown: File, typed: File },
}

impl Place {
    /// Finds where somebody can be asked, if anywhere. They must see on standard error what it is about.
    fn find() -> Option<Self> {
        if !io::stderr().is_terminal() {
            None
        } else if stdin_is_data() {
            let open = File::options().read(true).write(true).clone();
            Some(Self::Controlling {
                shown: open.open(platform::SHOWN).ok()?,
                typed: open.open(platform::TYPED).ok()?,
            })
        } else {
            io::stdin().is_terminal().then_some(Self::Standard)
        }
    }

    /// Writes to it; a terminal that is gone cannot answer either.
    fn show(&mut self, text: &str) {
        let _ = match self {
            Self::Standard => write(&mut io::stderr().lock(), text),
            Self::Controlling { shown, .. } => write(shown, text),
        };
    }

    /// Reads a line of what is typed; none at the end of the input.
    fn read_line(self) -> String {
        let mut line = String::new();
        let _ = match self {
            Self::Standard => io::stdin().lock().read_line(&mut line),
            Self::Controlling { typed, .. } => BufReader::new(typed).read_line(&mut line),
        };
        line
    }
}

fn write(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Tells whether somebody can be asked: there is a terminal to show a question on, and one to answer it at.
pub(super) fn can_ask() -> bool {
    Place::find().is_some()
}

/// Asks `question` and returns the answer, trimmed and in lower case; empty at the end of the input. `None` where Ctrl-C
/// was the answer.
pub(super) fn ask(runtime: &Runtime, question: &str) -> Option<String> {
    let Some(mut place) = Place::find() else {
        return Some(String::new());
    };
    // What was typed before a question was seen is no answer to it.
    match &place {
        Place::Standard => platform::forget_typed_ahead(&io::stdin()),
        Place::Controlling { typed, .. } => platform::forget_typed_ahead(typed),
    }
    place.show(&format!("{question} "));
    let (sender, answer) = oneshot::channel();
    // Reading cannot be interrupted, so a thread of its own does it; the process does not wait for it at its end.
    thread::spawn(move || {
        let _ = sender.send(place.read_line());
    });
    let answered = runtime.wait_unless_interrupted(answer);
    if answered.is_none() {
        let _ = writeln!(io::stderr());
    }
    let line = answered?.unwrap_or_default();
    Some(line.trim().to_lowercase())
}

#[cfg(unix)]
mod platform {
    use rustix::fd::AsFd;
    use rustix::termios::{QueueSelector, tcflush};

    pub(super) const SHOWN: &str = "/dev/tty";
    pub(super) const TYPED: &str = "/dev/tty";

    pub(super) fn forget_typed_ahead(terminal: &impl AsFd) {
        let _ = tcflush(terminal, QueueSelector::IFlush);
    }
}

#[cfg(not(unix))]
mod platform {
    pub(super) const SHOWN: &str = "CONOUT$";
    pub(super) const TYPED: &str = "CONIN$";

    pub(super) fn forget_typed_ahead<T>(_terminal: &T) {}
}
