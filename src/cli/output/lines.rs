//! Where lines go: results to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::rc::Rc;

use console::Term;

use crate::render::Style;
use crate::testing::Record;
use crate::text::wrap;

/// How far the second line of a remark is set in.
const INDENT: usize = 2;
/// A terminal that is narrower breaks lines itself: hardly a word would fit.
const MIN_WRAP_WIDTH: u16 = 20;

/// How much is said beside results and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum Verbosity {
    /// Nothing.
    Quiet,
    /// Plans, and what went wrong.
    Normal,
    /// Every answer.
    Verbose,
}

/// Where the lines of a command go.
#[derive(Clone, Debug)]
pub(in crate::cli) enum Streams {
    /// To those of this process.
    Process,
    /// Into a record, which a test looks at.
    Record(Rc<Record>),
}

impl Streams {
    /// Writes a line to standard output.
    pub(in crate::cli) fn print(&self, text: &str) {
        match self {
            Self::Process => print(text),
            Self::Record(record) => record.print(text),
        }
    }

    /// Writes a line to standard error.
    pub(in crate::cli) fn note(&self, text: &str) {
        match self {
            Self::Process => note(text),
            Self::Record(record) => record.note(text),
        }
    }

    /// Writes to standard error what has its lines already.
    pub(in crate::cli) fn note_preformatted(&self, text: &str) {
        match self {
            Self::Process => note_preformatted(text),
            Self::Record(record) => record.note(text),
        }
    }

    /// Writes to standard error what is wrong.
    pub(in crate::cli) fn error(&self, text: &str) {
        self.note(&format!("error: {text}"));
        if let Self::Record(record) = self {
            record.record_error(text);
        }
    }

    /// Returns how many characters a line of standard output holds, where it is a terminal.
    pub(in crate::cli) fn width(&self) -> Option<u16> {
        match self {
            Self::Process => width(),
            Self::Record(_) => None,
        }
    }
}

/// Writes a line to standard output. A reader that has gone away, as `head` does, is no reason to stop sending.
pub(in crate::cli) fn print(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Writes a line of prose to standard error; a terminal has it broken between words.
pub(in crate::cli) fn note(text: &str) {
    note_preformatted(&prose(text));
}

/// Writes to standard error what has its lines already.
pub(in crate::cli) fn note_preformatted(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Breaks prose into the lines that standard error has room for, where it is a terminal.
pub(in crate::cli) fn prose(text: &str) -> String {
    wrapped(text, stderr_width())
}

/// The same for standard output.
pub(in crate::cli) fn wrap_for_stdout(text: &str) -> String {
    wrapped(text, width())
}

fn wrapped(text: &str, width: Option<u16>) -> String {
    match width {
        Some(width) => wrap(text, usize::from(width), INDENT),
        None => text.to_owned(),
    }
}

fn stderr_width() -> Option<u16> {
    let (_, columns) = Term::stderr().size_checked()?;
    Some(columns).filter(|columns| *columns >= MIN_WRAP_WIDTH)
}

/// Returns how errors look on standard error: coloured on a terminal, unless `NO_COLOR` forbids it.
pub(in crate::cli) fn stderr_style() -> Style {
    Style {
        color: anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        width: stderr_width(),
    }
}

/// Returns how errors look among results.
pub(in crate::cli) fn stdout_style() -> Style {
    Style {
        color: is_stdout_colored(),
        width: width(),
    }
}

/// Tells whether results are coloured: on a terminal, unless `NO_COLOR` forbids it.
pub(in crate::cli) fn is_stdout_colored() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Returns how many characters a line of standard output holds, where it is a terminal.
pub(in crate::cli) fn width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    comfy_table::Table::new().width()
}
