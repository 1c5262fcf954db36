//! Escapes control characters of CSV and JSON on a terminal; files and pipes get every byte unchanged.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::text::escape_keep_tabs;

/// A writer that escapes control characters as JSON does, if it `is_enabled`.
pub(in crate::cli) struct EscapingWriter<W> {
    is_enabled: bool,
    /// The start of a character whose remaining bytes are not written yet.
    partial_char: Vec<u8>,
    inner: W,
}

impl<W: Write> EscapingWriter<W> {
    pub(super) fn new(is_enabled: bool, inner: W) -> Self {
        Self {
            is_enabled,
            partial_char: Vec::new(),
            inner,
        }
    }
}

impl<W: Write> Write for EscapingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_enabled {
            return self.inner.write(bytes);
        }
        let mut text = std::mem::take(&mut self.partial_char);
        text.extend_from_slice(bytes);
        for chunk in text.utf8_chunks() {
            self.inner.write_all(escaped(chunk.valid()).as_bytes())?;
            chunk.invalid().clone_into(&mut self.partial_char);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        let mut buffer = [0; 4];
        let alone: &str = c.encode_utf8(&mut buffer);
        if escape_keep_tabs(alone) == alone {
            escaped.push(c);
        } else {
            // All escaped characters are below U+10000.
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::EscapingWriter;

    #[test]
    fn control_characters_are_escaped_even_if_written_byte_by_byte() {
        let mut out = EscapingWriter::new(true, Vec::new());
        for byte in "a\u{1b}[2J,\u{9b}x,\u{202e}ü\t\r\n".as_bytes() {
            out.write_all(&[*byte]).ok();
        }
        let shown = String::from_utf8_lossy(&out.inner).into_owned();
        assert_eq!(shown, "a\\u001b[2J,\\u009bx,\\u202eü\t\\u000d\n");
    }

    #[test]
    fn a_pipe_gets_every_byte() {
        let mut out = EscapingWriter::new(false, Vec::new());
        out.write_all(b"\x1b[2J\xff").ok();
        assert_eq!(out.inner, b"\x1b[2J\xff");
    }
}
