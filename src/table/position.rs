//! Counting lines and columns in text that arrives in pieces.

use memchr::{memchr_iter, memrchr2};

/// A position in a text: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: u64,
    pub(super) column: usize,
    after_cr: bool,
}

impl Default for Position {
    fn default() -> Self {
        Self {
            line: 1,
            column: 1,
            after_cr: false,
        }
    }
}

/// Returns the number of line breaks in `text`.
pub(super) fn line_breaks(text: &[u8]) -> u64 {
    let mut position = Position::default();
    position.move_past_lines(text);
    position.line - 1
}

impl Position {
    /// Moves past `text`, which is UTF-8. A line ends with a line feed, a carriage return, or both.
    pub(super) fn move_past(&mut self, text: &[u8]) {
        self.move_past_lines(text);
        let rest = match memrchr2(b'\n', b'\r', text) {
            Some(end) => {
                self.column = 1;
                &text[end + 1..]
            }
            None => text,
        };
        self.column += rest.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    }

    /// Returns whether the last byte was a carriage return.
    pub(super) fn is_after_cr(&self) -> bool {
        self.after_cr
    }

    /// Moves the line past the `end` of a line; the column is left alone.
    pub(super) fn move_past_line_end(&mut self, end: &[u8]) {
        self.line += 1;
        self.after_cr = end == b"\r";
    }

    /// Moves the line past `text`; the column is left alone.
    pub(super) fn move_past_lines(&mut self, text: &[u8]) {
        let newlines = memchr_iter(b'\n', text).count();
        let lone_returns = memchr_iter(b'\r', text)
            .filter(|at| text.get(at + 1) != Some(&b'\n'))
            .count();
        self.line += (newlines + lone_returns) as u64;
        if self.after_cr && text.first() == Some(&b'\n') {
            // The carriage return at the end of the previous piece was counted as a line end of its own.
            self.line -= 1;
        }
        if let Some(last) = text.last() {
            self.after_cr = *last == b'\r';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn positions_do_not_depend_on_how_the_bytes_are_split() {
        let text = "a\r\n\nb\r\rc\r\n\r\nZoë".as_bytes();
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let mut position = Position::default();
                position.move_past(&text[..first]);
                position.move_past(&text[first..second]);
                position.move_past(&text[second..]);
                assert_eq!(
                    (position.line, position.column),
                    (7, 4),
                    "split at {first} and {second}"
                );
            }
        }
    }
}
