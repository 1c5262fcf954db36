//! Where lines go: results to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write as _};

/// How much is said beside results and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Talk {
    /// Nothing.
    Quiet,
    /// Plans, and what went wrong.
    Normal,
    /// Every answer.
    Verbose,
}

/// Writes a line to standard output. A reader that has gone away, as `head` does, is no reason to stop sending.
pub(super) fn print(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Writes a line to standard error.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Tells whether errors are coloured: on a terminal, unless `NO_COLOR` forbids it.
pub(super) fn colors_errors() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Tells whether results are coloured: on a terminal, unless `NO_COLOR` forbids it.
pub(super) fn colors_results() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Returns how many characters a line of standard output holds, where it is a terminal.
pub(super) fn width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    comfy_table::Table::new().width()
}
