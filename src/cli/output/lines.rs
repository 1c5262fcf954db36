//! Prints lines: results of scripts to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::rc::Rc;

use console::Term;

use crate::render::Style;
use crate::table;
use crate::testing::CapturedOutput;
use crate::text::{escape_keep_tabs, redact_keys, wrap};

/// The indentation of continuation lines.
const INDENT: usize = 2;
/// A narrower terminal breaks lines itself, as hardly a word would fit.
const MIN_WRAP_WIDTH: u16 = 20;

/// The longest text in bytes that is escaped at once.
const LONGEST_PIECE: usize = 1024 * 1024;

/// How much is printed in addition to results and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum Verbosity {
    Quiet,
    /// Plans and failures.
    Normal,
    /// The result of every row.
    Verbose,
}

/// Where the output of a command goes.
#[derive(Clone, Debug)]
pub(in crate::cli) enum Streams {
    /// To the standard streams of this process.
    Process,
    /// Into a buffer that a test reads.
    Captured(Rc<CapturedOutput>),
}

impl Streams {
    /// Writes a line to standard output.
    pub(in crate::cli) fn print(&self, text: &str) -> io::Result<()> {
        match self {
            Self::Process => print_line(text),
            Self::Captured(captured) => {
                captured.print(text);
                Ok(())
            }
        }
    }

    /// Writes a line to standard output with escapes for control characters. They can make a text six times as long, so a long
    /// text is escaped piece by piece.
    pub(in crate::cli) fn print_escaped(&self, text: &str) -> io::Result<()> {
        let mut rest = text;
        while rest.len() > LONGEST_PIECE && matches!(self, Self::Process) {
            let is_boundary = |at: &usize| rest.is_char_boundary(*at);
            let end = (0..=LONGEST_PIECE).rev().find(is_boundary).unwrap_or(0);
            let (piece, after) = rest.split_at(end);
            write!(io::stdout().lock(), "{}", escape_keep_tabs(piece))?;
            rest = after;
        }
        self.print(&escape_keep_tabs(rest))
    }

    /// Writes a line to standard error.
    pub(in crate::cli) fn note(&self, text: &str) {
        let _ = self.try_note(text);
    }

    /// Writes a line to standard error, for a caller that needs to know whether it was written.
    pub(in crate::cli) fn try_note(&self, text: &str) -> io::Result<()> {
        match self {
            Self::Process => {
                let text = wrap_for_stderr(&redact_keys(text));
                writeln!(io::stderr().lock(), "{text}")
            }
            Self::Captured(captured) => {
                captured.note(text);
                Ok(())
            }
        }
    }

    /// Writes text to standard error without wrapping it.
    pub(in crate::cli) fn note_preformatted(&self, text: &str) {
        match self {
            Self::Process => note_preformatted(text),
            Self::Captured(captured) => captured.note(text),
        }
    }

    /// Writes an error message to standard error.
    pub(in crate::cli) fn error(&self, text: &str) {
        self.note(&format!("error: {text}"));
        if let Self::Captured(captured) = self {
            captured.record_error(text);
        }
    }

    /// Returns the width of standard output, if it is a terminal.
    pub(in crate::cli) fn width(&self) -> Option<u16> {
        match self {
            Self::Process => width(),
            Self::Captured(_) => None,
        }
    }
}

/// Writes a line to standard output.
pub(super) fn print_line(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Writes a line to standard error, wrapped to the width of a terminal, without API keys.
pub(in crate::cli) fn note(text: &str) {
    // Before wrapping, which can break a key.
    note_preformatted(&wrap_for_stderr(&redact_keys(text)));
}

/// Writes text to standard error without wrapping it, and without API keys.
pub(in crate::cli) fn note_preformatted(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", redact_keys(text));
}

/// Wraps `text` to the width of standard error, if that is a terminal.
pub(in crate::cli) fn wrap_for_stderr(text: &str) -> String {
    wrapped(text, stderr_width())
}

/// Wraps `text` to the width of standard output, if that is a terminal.
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

/// Returns how many lines fit above a question on the terminal of standard error.
pub(in crate::cli) fn page_height() -> usize {
    const DEFAULT_HEIGHT: u16 = 24;
    const QUESTION: u16 = 2;
    let (rows, _) = Term::stderr().size_checked().unwrap_or((DEFAULT_HEIGHT, 0));
    usize::from(rows.saturating_sub(QUESTION).max(1))
}

/// Returns the style of errors on standard error: in color on a terminal, unless `NO_COLOR` is set.
pub(in crate::cli) fn stderr_style() -> Style {
    Style {
        color: anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        width: stderr_width(),
    }
}

/// Returns the style of errors among results.
pub(in crate::cli) fn stdout_style() -> Style {
    Style {
        color: is_stdout_colored(),
        width: width(),
    }
}

/// Returns whether results are in color: on a terminal, unless `NO_COLOR` is set.
pub(in crate::cli) fn is_stdout_colored() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Returns the width of standard output, if it is a terminal.
pub(in crate::cli) fn width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    comfy_table::Table::new().width()
}

/// Writes `report` to `file` in one step, and notes that.
pub(in crate::cli) fn write_report_file(
    file: &Path,
    report: &impl Display,
) -> Result<(), table::Error> {
    table::replace_file(&file.into(), |out| write!(out, "{report}"))?;
    note(&format!("`{}` is written", file.display()));
    Ok(())
}
