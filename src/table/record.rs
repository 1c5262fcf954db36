//! A record while it is parsed, and the count of the lines it stands on.

use memchr::memchr_iter;

use super::{Error, Header};

/// The buffers one record is parsed into.
pub(super) struct Record {
    pub(super) bytes: Vec<u8>,
    pub(super) ends: Vec<usize>,
    pub(super) length: usize,
    pub(super) fields: usize,
    pub(super) line: u64,
    pub(super) started: bool,
}

/// Counts line ends of all three kinds in the bytes that were read.
pub(super) struct LineCounter {
    pub(super) line: u64,
    after_cr: bool,
}

impl Record {
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; 1024],
            ends: vec![0; 32],
            length: 0,
            fields: 0,
            line: 1,
            started: false,
        }
    }

    pub(super) fn clear(&mut self, line: u64) {
        self.length = 0;
        self.fields = 0;
        self.line = line;
        self.started = false;
    }

    /// Tells whether nothing of the record was read yet.
    pub(super) fn is_blank(&self) -> bool {
        !self.started
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub(super) fn fields(&self, header: &Header) -> Result<impl Iterator<Item = &str>, Error> {
        let text = std::str::from_utf8(self.bytes()).map_err(|error| {
            let at = error.valid_up_to();
            // Separators and quotes are gone from the parsed bytes: count one byte back for each field before.
            let fields_before = self.ends[..self.fields]
                .iter()
                .filter(|end| **end <= at)
                .count();
            Error::NotUtf8 {
                path: header.path().to_owned(),
                line: self.line,
                column: at + fields_before + 1,
                byte: self.bytes[at],
            }
        })?;
        let mut start = 0;
        Ok(self.ends[..self.fields].iter().map(move |&end| {
            // A delimiter is ASCII, so a field of valid text ends between two characters.
            let field = text.get(start..end).unwrap_or("");
            start = end;
            field
        }))
    }
}

impl LineCounter {
    pub(super) fn new() -> Self {
        Self {
            line: 1,
            after_cr: false,
        }
    }

    pub(super) fn count(&mut self, bytes: &[u8]) {
        let newlines = memchr_iter(b'\n', bytes).count();
        let lone_returns = memchr_iter(b'\r', bytes)
            .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
            .count();
        self.line += (newlines + lone_returns) as u64;
        if self.after_cr && bytes.first() == Some(&b'\n') {
            // The return before it was taken for a lone one.
            self.line -= 1;
        }
        if let Some(last) = bytes.last() {
            self.after_cr = *last == b'\r';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LineCounter;

    #[test]
    fn lines_are_counted_alike_however_the_bytes_are_cut() {
        let text = b"a\r\n\nb\r\rc\r\n\r\n";
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let mut lines = LineCounter::new();
                lines.count(&text[..first]);
                lines.count(&text[first..second]);
                lines.count(&text[second..]);
                assert_eq!(lines.line, 7, "cut at {first} and {second}");
            }
        }
    }
}
