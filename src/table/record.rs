//! The records of a CSV file, one at a time, each with the line it starts at.
//!
//! A line without quotes is split at its delimiters inside the buffer. Any other record, and one that the end of the buffer
//! cuts, is parsed by `csv-core`, the parser of the `csv` crate. `csv::Reader` is not used because its line numbers are
//! wrong after blank lines and with CRLF line ends, and messages must name the right line.

use std::io::Read;
use std::iter::once;

use csv_core::{ReadRecordResult, ReaderBuilder};
use memchr::{memchr, memchr_iter, memchr2};

use super::Error;
use super::decode::TextReader;
use super::delimiter::detect;
use super::position::Position;

/// The longest record in bytes: a longer one means a quote that was never closed.
const RECORD_LIMIT: usize = 1024 * 1024;

/// Splits text into records.
pub(super) struct RecordReader<R> {
    input: TextReader<R>,
    parser: csv_core::Reader,
    parsed: ParseBuffer,
    position: Position,
    delimiter: u8,
    comment: Option<u8>,
    /// How many of the next bytes are known not to contain a quote.
    unquoted: usize,
}

/// A record: its fields, and the line it starts at, from 1.
#[derive(Clone, Copy)]
pub(super) struct CsvRecord<'a> {
    pub(super) line: u64,
    pub(super) fields: Fields<'a>,
}

/// The fields of a record. They were cut out of UTF-8 text at ASCII characters, so each is UTF-8.
#[derive(Clone, Copy)]
pub(super) enum Fields<'a> {
    /// The text of the file, with this delimiter between the fields.
    Delimited(&'a [u8], u8),
    /// The concatenated fields, and where each ends.
    Joined(&'a [u8], &'a [usize]),
}

/// The buffers that a record is parsed into.
struct ParseBuffer {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    length: usize,
    fields: usize,
    line: u64,
    /// Part of the record was read.
    started: bool,
    /// A quote was read.
    quoted: bool,
}

impl<R: Read> RecordReader<R> {
    /// Reads the records of `input`. The delimiter is detected if it is not given; lines that start with `comment` are
    /// skipped.
    pub(super) fn new(
        mut input: TextReader<R>,
        delimiter: Option<u8>,
        comment: Option<u8>,
    ) -> Result<Self, Error> {
        let mut position = Position::default();
        let declared = declared_delimiter(input.fill()?);
        if let Some((_, length)) = declared {
            position.move_past_lines(input.take(length));
        }
        let mut records = Self {
            input,
            parser: csv_core::Reader::new(),
            parsed: ParseBuffer::new(),
            position,
            delimiter: b',',
            comment,
            unquoted: 0,
        };
        records.skip_to_record()?;
        let declared = delimiter.or(declared.map(|(delimiter, _)| delimiter));
        records.delimiter = declared
            .unwrap_or_else(|| detect(records.input.peek(), records.input.is_whole(), comment));
        records.parser = ReaderBuilder::new().delimiter(records.delimiter).build();
        Ok(records)
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Reads the next record that is not blank; `None` at the end of the file.
    pub(super) fn read(&mut self) -> Result<Option<CsvRecord<'_>>, Error> {
        while let Some(length) = self.next_line()? {
            let line = self.position.line;
            if !self.is_blank(&self.input.peek()[..length]) {
                let delimiter = self.delimiter;
                let fields = Fields::Delimited(self.take_line(length), delimiter);
                return Ok(Some(CsvRecord { line, fields }));
            }
            self.take_line(length);
        }
        self.parse()
    }

    /// Parses the next record that is not blank, even if it is a line without quotes.
    pub(super) fn parse(&mut self) -> Result<Option<CsvRecord<'_>>, Error> {
        while self.parse_any()? {
            if self.parsed.quoted || !self.is_blank(self.parsed.bytes()) {
                return Ok(Some(self.parsed()));
            }
        }
        Ok(None)
    }

    /// Returns the last parsed record.
    pub(super) fn parsed(&self) -> CsvRecord<'_> {
        let ParseBuffer { ends, fields, .. } = &self.parsed;
        CsvRecord {
            line: self.parsed.line,
            fields: Fields::Joined(self.parsed.bytes(), &ends[..*fields]),
        }
    }

    /// Returns the length of the next record if it is a complete line without quotes.
    fn next_line(&mut self) -> Result<Option<usize>, Error> {
        self.skip_to_record()?;
        let text = self.input.peek();
        let Some(length) = memchr2(b'\n', b'\r', text) else {
            return Ok(None);
        };
        if length > self.unquoted {
            self.unquoted = memchr(b'"', text).unwrap_or(text.len());
        }
        Ok((length <= self.unquoted).then_some(length))
    }

    /// Consumes a line of `length` bytes and its line end, and returns the line.
    fn take_line(&mut self, length: usize) -> &[u8] {
        let end = match self.input.peek().get(length..) {
            Some([b'\r', b'\n', ..]) => 2,
            _ => 1,
        };
        self.unquoted = self.unquoted.saturating_sub(length + end);
        let line = self.input.take(length + end);
        let (line, end) = line.split_at(length);
        self.position.move_past_line_end(end);
        line
    }

    fn is_blank(&self, line: &[u8]) -> bool {
        let is_blank = |byte: &u8| *byte == self.delimiter || byte.is_ascii_whitespace();
        // Almost every line is decided by its first byte.
        line.iter().all(is_blank)
    }

    /// Parses the next record; `false` at the end of the file.
    fn parse_any(&mut self) -> Result<bool, Error> {
        self.skip_to_record()?;
        self.unquoted = 0;
        self.parsed.clear(self.position.line);
        loop {
            let input = self.input.fill()?;
            let at_end = input.is_empty();
            if at_end && !self.parsed.started {
                return Ok(false);
            }
            // The last record may lack a line end. If the parser wants more after one, a quote is open.
            let input = if at_end { b"\n" } else { input };
            let record = &mut self.parsed;
            let (result, read, written, ended) = self.parser.read_record(
                input,
                &mut record.bytes[record.length..],
                &mut record.ends[record.fields..],
            );
            self.position.move_past_lines(&input[..read]);
            record.started |= read > 0;
            record.quoted |= memchr(b'"', &input[..read]).is_some();
            record.length += written;
            record.fields += ended;
            self.input.consume(if at_end { 0 } else { read });
            match result {
                ReadRecordResult::InputEmpty if at_end => {
                    return Err(Error::UnclosedQuote {
                        path: self.input.path().to_owned(),
                        line: record.line,
                    });
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if record.length >= RECORD_LIMIT => {
                    return Err(Error::RecordTooLong {
                        path: self.input.path().to_owned(),
                        line: record.line,
                        limit: RECORD_LIMIT,
                    });
                }
                ReadRecordResult::OutputFull => record.bytes.resize(record.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => record.ends.resize(record.ends.len() * 2, 0),
                ReadRecordResult::Record => return Ok(true),
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    /// Skips blank lines and comments, so that the line of the next record is known.
    fn skip_to_record(&mut self) -> Result<(), Error> {
        let mut in_comment = false;
        loop {
            let input = self.input.fill()?;
            let length = match input.first() {
                None => return Ok(()),
                Some(b'\r' | b'\n') => {
                    in_comment = false;
                    let is_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
                    input.iter().take_while(is_end).count()
                }
                first if in_comment || (first.is_some() && first.copied() == self.comment) => {
                    in_comment = true;
                    memchr2(b'\r', b'\n', input).unwrap_or(input.len())
                }
                Some(_) => return Ok(()),
            };
            self.unquoted = self.unquoted.saturating_sub(length);
            self.position.move_past_lines(self.input.take(length));
        }
    }
}

impl<'a> Fields<'a> {
    /// Iterates over the fields.
    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> {
        let (text, gap) = match self {
            Self::Delimited(text, _) => (text, 1),
            Self::Joined(text, _) => (text, 0),
        };
        let mut start = 0;
        self.ends().map(move |end| {
            let field = text.get(start..end).unwrap_or_default();
            start = end + gap;
            str::from_utf8(field).unwrap_or_default()
        })
    }

    pub(super) fn count(self) -> usize {
        self.ends().count()
    }

    /// Returns whether a field contains a line feed.
    pub(super) fn spans_lines(self) -> bool {
        matches!(self, Self::Joined(text, _) if memchr(b'\n', text).is_some())
    }

    fn ends(self) -> impl Iterator<Item = usize> {
        let (delimited, joined) = match self {
            Self::Delimited(text, delimiter) => {
                let ends = memchr_iter(delimiter, text).chain(once(text.len()));
                (Some(ends), None)
            }
            Self::Joined(_, ends) => (None, Some(ends.iter().copied())),
        };
        delimited
            .into_iter()
            .flatten()
            .chain(joined.into_iter().flatten())
    }
}

impl ParseBuffer {
    fn new() -> Self {
        Self {
            bytes: vec![0; 1024],
            ends: vec![0; 32],
            length: 0,
            fields: 0,
            line: 1,
            started: false,
            quoted: false,
        }
    }

    fn clear(&mut self, line: u64) {
        self.length = 0;
        self.fields = 0;
        self.line = line;
        self.started = false;
        self.quoted = false;
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Returns the delimiter declared by a first line such as `sep=;`, which Excel understands, and the length of that line.
fn declared_delimiter(start: &[u8]) -> Option<(u8, usize)> {
    let (delimiter, rest) = start.strip_prefix(b"sep=")?.split_first()?;
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let is_declared =
        delimiter.is_ascii() && !is_end(delimiter) && rest.first().is_some_and(is_end);
    is_declared.then_some((*delimiter, start.len() - rest.len()))
}

#[cfg(test)]
mod tests;
