//! What a test prints, in the order it came.

use std::cell::RefCell;

/// The lines that would have gone to the streams of a process.
#[derive(Debug, Default)]
pub struct CapturedOutput {
    lines: RefCell<Vec<(OutputStream, String)>>,
    error: RefCell<Option<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutputStream {
    Stdout,
    Stderr,
}

impl CapturedOutput {
    /// Takes a line for standard output.
    pub fn print(&self, text: &str) {
        self.lines
            .borrow_mut()
            .push((OutputStream::Stdout, text.to_owned()));
    }

    /// Takes a line for standard error.
    pub fn note(&self, text: &str) {
        self.lines
            .borrow_mut()
            .push((OutputStream::Stderr, text.to_owned()));
    }

    /// Remembers what was wrong; the first thing counts.
    pub fn record_error(&self, text: &str) {
        self.error
            .borrow_mut()
            .get_or_insert_with(|| text.to_owned());
    }

    /// Returns what was wrong.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.error.borrow().clone()
    }

    /// Returns what went to standard output.
    #[must_use]
    pub fn output(&self) -> String {
        self.joined(|stream| stream == OutputStream::Stdout)
    }

    /// Returns what went to standard error.
    #[must_use]
    pub fn notes(&self) -> String {
        self.joined(|stream| stream == OutputStream::Stderr)
    }

    /// Returns everything, in the order it came.
    #[must_use]
    pub fn all(&self) -> String {
        self.joined(|_| true)
    }

    fn joined(&self, is_wanted: impl Fn(OutputStream) -> bool) -> String {
        let lines = self.lines.borrow();
        let wanted = lines.iter().filter(|(stream, _)| is_wanted(*stream));
        wanted.flat_map(|(_, text)| [text, "\n"]).collect()
    }
}
