//! The records of a CSV file, one at a time, each with the line it starts at.
//!
//! A line without quotes is split at its delimiters inside the buffer. Any other record, and one that the end of the buffer
//! cuts, is parsed by a parser of our own: the `csv` crate accepts quotes anywhere, and its line numbers are wrong after blank
//! lines and with CRLF line ends.

mod parser;
mod swallowed;

use std::io::Read;
use std::iter::once;

use memchr::{memchr, memchr_iter, memchr2};

use self::parser::RecordParser;
use self::swallowed::{Layout, lines};
use super::decode::TextReader;
use super::delimiter::detect;
use super::position::{Position, line_breaks};
use super::quote_problem::QuoteProblem;
use super::{Error, ErrorKind};

/// The longest record in bytes: a longer one means a quote that was never closed.
const RECORD_LIMIT: usize = 1024 * 1024;

/// What programs of MS-DOS, and some that are older than they look, end a file with.
const END_OF_FILE: u8 = 0x1A;

/// Splits text into records.
pub(super) struct RecordReader<R> {
    input: TextReader<R>,
    parser: RecordParser,
    /// The line that the last parsed record starts at.
    parsed_line: u64,
    /// How the first parsed record was laid out, which is the header if the file has one.
    layout: Option<Layout>,
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

impl<R: Read> RecordReader<R> {
    /// Reads the records of `input`. The delimiter is detected if it is not given; lines that start with `comment` are
    /// skipped, and so is what is above the line `start`.
    pub(super) fn new(
        mut input: TextReader<R>,
        delimiter: Option<u8>,
        comment: Option<u8>,
        start: u64,
    ) -> Result<Self, Error> {
        let mut position = Position::default();
        let declared = declared_delimiter(input.fill()?);
        if let Some((_, length)) = declared {
            position.move_past_lines(input.take(length));
        }
        let mut records = Self {
            input,
            parser: RecordParser::default(),
            parsed_line: 1,
            layout: None,
            position,
            delimiter: b',',
            comment,
            unquoted: 0,
        };
        records.skip_to_line(start)?;
        records.skip_to_record()?;
        let declared = delimiter.or(declared.map(|(delimiter, _)| delimiter));
        records.delimiter = declared
            .unwrap_or_else(|| detect(records.input.peek(), records.input.is_whole(), comment));
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
            if self.parser.is_quoted() || !self.is_blank(self.parser.bytes()) {
                self.refuse_swallowed_rows()?;
                return Ok(Some(self.parsed()));
            }
        }
        Ok(None)
    }

    /// Returns whether the last parsed record has a field in quotes.
    pub(super) fn is_quoted(&self) -> bool {
        self.parser.is_quoted()
    }

    /// Returns the last parsed record.
    pub(super) fn parsed(&self) -> CsvRecord<'_> {
        CsvRecord {
            line: self.parsed_line,
            fields: Fields::Joined(self.parser.bytes(), self.parser.ends()),
        }
    }

    /// Refuses a quoted field that contains lines which look like rows.
    fn refuse_swallowed_rows(&mut self) -> Result<(), Error> {
        let fields = self.parsed().fields;
        let may_swallow = self.parser.is_quoted() && fields.spans_lines();
        if self.layout.is_some() && !may_swallow {
            return Ok(());
        }
        let fields: Vec<&str> = fields.iter().collect();
        let is_quoted = self.parser.are_all_quoted();
        let layout = self
            .layout
            .unwrap_or_else(|| Layout::of(&fields, is_quoted));
        let swallowed = if may_swallow && !(is_quoted && layout.quotes_all()) {
            layout.swallowed_row(&fields, self.delimiter, self.layout.is_none())
        } else {
            None
        };
        self.layout = Some(layout);
        match swallowed {
            Some((line, opened)) => {
                Err(self.quote_error((line, QuoteProblem::SwallowsRow { opened })))
            }
            None => Ok(()),
        }
    }

    /// Returns the error for a problem in the record that is being parsed. Its lines are counted from that of the record.
    fn quote_error(&self, (line, problem): parser::Problem) -> Error {
        Error::at(
            self.input.path(),
            self.parsed_line + line,
            ErrorKind::Quote(problem.in_record_at(self.parsed_line)),
        )
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
        let is_blank = |byte: &u8| {
            *byte == self.delimiter || byte.is_ascii_whitespace() || *byte == END_OF_FILE
        };
        // Almost every line is decided by its first byte.
        line.iter().all(is_blank)
    }

    /// Parses the next record; `false` at the end of the file.
    fn parse_any(&mut self) -> Result<bool, Error> {
        self.skip_to_record()?;
        self.unquoted = 0;
        self.parser.clear();
        self.parsed_line = self.position.line;
        let mut started = false;
        loop {
            let input = self.input.fill()?;
            if input.is_empty() {
                if started && let Err(problem) = self.parser.finish() {
                    return Err(self.quote_error(problem));
                }
                return Ok(started);
            }
            started = true;
            let (read, is_done) = match self.parser.feed(input, self.delimiter) {
                Ok(progress) => progress,
                Err(problem) => return Err(self.quote_error(problem)),
            };
            self.position.move_past_lines(&input[..read]);
            self.input.consume(read);
            if self.parser.bytes().len() > RECORD_LIMIT {
                return Err(Error::at(
                    self.input.path(),
                    self.parsed_line,
                    ErrorKind::RecordTooLong {
                        limit: RECORD_LIMIT,
                    },
                ));
            }
            if is_done {
                return Ok(true);
            }
        }
    }

    /// Skips the lines above `start`, whatever they contain.
    fn skip_to_line(&mut self, start: u64) -> Result<(), Error> {
        while self.position.line < start {
            let input = self.input.fill()?;
            if input.is_empty() {
                break;
            }
            let end = memchr2(b'\r', b'\n', input);
            let length = end.map_or(input.len(), |end| {
                end + if input[end..].starts_with(b"\r\n") {
                    2
                } else {
                    1
                }
            });
            self.position.move_past_lines(self.input.take(length));
        }
        Ok(())
    }

    /// Returns the lines that follow, as far as they are in memory, with their numbers.
    pub(super) fn next_lines(&self) -> impl Iterator<Item = (u64, &str)> {
        let text = self.input.peek();
        let text = str::from_utf8(text).unwrap_or_default();
        let text = match text.strip_prefix('\n') {
            Some(rest) if self.position.is_after_cr() => rest,
            _ => text,
        };
        (self.position.line..).zip(lines(text))
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

    /// Returns whether a field contains a line break.
    pub(super) fn spans_lines(self) -> bool {
        matches!(self, Self::Joined(text, _) if memchr2(b'\n', b'\r', text).is_some())
    }

    /// Returns the first and last line of the first field with a line break. The record starts at `line`.
    pub(super) fn quoted_lines(self, line: u64) -> Option<(u64, u64)> {
        let mut breaks = self.iter().map(|field| line_breaks(field.as_bytes()));
        let breaks = breaks.find(|breaks| *breaks > 0)?;
        Some((line, line + breaks))
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

/// Returns the delimiter declared by a first line such as `sep=;`, which Excel understands, and the length of that line. A
/// program that saves the file again puts it in quotes, or repeats the delimiter for the other columns.
fn declared_delimiter(start: &[u8]) -> Option<(u8, usize)> {
    let length = memchr2(b'\r', b'\n', start)?;
    let line = &start[..length];
    let quoted = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""));
    let (name, delimiters) = quoted.unwrap_or(line).split_at_checked(4)?;
    let (delimiter, others) = delimiters.split_first()?;
    let is_declared = name.eq_ignore_ascii_case(b"sep=")
        && delimiter.is_ascii()
        && others.iter().all(|other| other == delimiter);
    is_declared.then_some((*delimiter, length))
}

#[cfg(test)]
mod tests;
