//! The output of a test.

use std::cell::RefCell;

/// Lines for standard output and standard error, in their order.
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
    /// Adds a line of standard output.
    pub fn print(&self, text: &str) {
        self.lines
            .borrow_mut()
            .push((OutputStream::Stdout, text.to_owned()));
    }

    /// Adds a line of standard error.
    pub fn note(&self, text: &str) {
        self.lines
            .borrow_mut()
            .push((OutputStream::Stderr, text.to_owned()));
    }

    /// Stores the message of an error, unless there is one already.
    pub fn record_error(&self, text: &str) {
        self.error
            .borrow_mut()
            .get_or_insert_with(|| text.to_owned());
    }

    /// Returns the message of the first error.
    pub fn error(&self) -> Option<String> {
        self.error.borrow().clone()
    }

    /// Returns the lines of standard output.
    pub fn output(&self) -> String {
        self.joined(|stream| stream == OutputStream::Stdout)
    }

    /// Returns the lines of standard error.
    pub fn notes(&self) -> String {
        self.joined(|stream| stream == OutputStream::Stderr)
    }

    /// Returns all lines in their order.
    pub fn all(&self) -> String {
        self.joined(|_| true)
    }

    fn joined(&self, is_included: impl Fn(OutputStream) -> bool) -> String {
        let lines = self.lines.borrow();
        let included = lines.iter().filter(|(stream, _)| is_included(*stream));
        included.flat_map(|(_, text)| [text, "\n"]).collect()
    }
}
