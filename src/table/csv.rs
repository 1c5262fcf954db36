//! Reading CSV, one record at a time, with exact line numbers.
//!
//! The parser is `csv-core`, the one under the `csv` crate. It is driven here, and not through `csv::Reader`, because
//! that one's line numbers are off after blank lines and with CRLF line ends, and a complaint must name the right line.

use std::sync::Arc;

use csv_core::{ReadRecordResult, ReaderBuilder};
use memchr::memchr2;

use super::columns::{ColumnOptions, NamedBy};
use super::delimiter::detect;
use super::encoding::Charset;
use super::input::{Input, named};
use super::place::Place;
use super::record::Record;
use super::text::Text;
use super::{Error, Header, Row};
use crate::reach::Location;

/// Longest record taken for a row of people; more is a quote that was never closed.
const RECORD_LIMIT: usize = 1024 * 1024;

/// How a CSV file is to be read.
#[derive(Clone, Debug, Default)]
pub struct CsvOptions {
    /// Accept a file without rows.
    pub allow_empty: bool,
    /// What separates fields; found out where it is not said.
    pub delimiter: Option<u8>,
    /// In what encoding a file without byte order mark is; UTF-8 where it is not said.
    pub encoding: Option<Charset>,
    /// What a line starts with that is left out.
    pub comment: Option<u8>,
    /// Take white space off both ends of every field.
    pub trim: bool,
    /// What the columns are called.
    pub columns: ColumnOptions,
}

/// An open CSV file: an iterator over its rows that stops at the first error.
pub struct Csv {
    input: Text<Input>,
    parser: csv_core::Reader,
    header: Arc<Header>,
    record: Record,
    /// Where each row is put together.
    buffer: Vec<u8>,
    place: Place,
    delimiter: u8,
    comment: Option<u8>,
    trim: bool,
    named_by: NamedBy,
    allow_empty: bool,
    rows: u64,
    next: Next,
}

/// Where the next row comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// It is the record that was read for the names of the columns.
    Read,
    /// From the file.
    Ahead,
    /// There is none: the file has ended, or is wrong.
    None,
}

impl Csv {
    /// Opens `file`, where `-` is standard input, and reads its header.
    ///
    /// # Errors
    /// The file cannot be read, is empty, or its columns are not as they must be.
    pub fn open(file: &Location, options: &CsvOptions) -> Result<Self, Error> {
        let input = Input::open(file)?;
        let path = named(file.name());
        let charset = options.encoding.map(Charset::encoding);
        let mut input = Text::new(input, path.clone(), charset)?;
        let mut place = Place::default();
        let told = told_delimiter(input.fill()?);
        if let Some((_, length)) = told {
            place.pass_lines(&input.fill()?[..length]);
            input.consume(length);
        }
        let mut csv = Self {
            input,
            parser: csv_core::Reader::new(),
            header: Arc::new(Header::new(path, Vec::new())),
            record: Record::new(),
            buffer: Vec::new(),
            place,
            delimiter: b',',
            comment: options.comment,
            trim: options.trim,
            named_by: options.columns.named_by(),
            allow_empty: options.allow_empty,
            rows: 0,
            next: Next::Ahead,
        };
        csv.skip_to_record()?;
        let told = options.delimiter.or(told.map(|(delimiter, _)| delimiter));
        csv.delimiter = match told {
            Some(delimiter) => delimiter,
            None => csv.find_delimiter()?,
        };
        csv.parser = ReaderBuilder::new().delimiter(csv.delimiter).build();
        csv.open_columns(&options.columns)?;
        Ok(csv)
    }

    /// Returns the columns of the file.
    #[must_use]
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    fn find_delimiter(&mut self) -> Result<u8, Error> {
        let sample = self.input.fill()?.to_vec();
        Ok(detect(&sample, self.input.is_whole(), self.comment))
    }

    fn open_columns(&mut self, columns: &ColumnOptions) -> Result<(), Error> {
        if !self.read_record()? {
            let path = self.header.path().to_owned();
            let header = columns.header;
            if header || !self.allow_empty {
                return Err(Error::Empty { path, header });
            }
            self.header = Arc::new(Header::new(path, columns.columns.clone()));
            return Ok(());
        }
        let (path, line) = (self.header.path(), self.record.line);
        let header = columns.name(path, line, self.record.fields())?;
        self.header = Arc::new(header);
        if !columns.header {
            self.next = Next::Read;
        }
        Ok(())
    }

    fn read_row(&mut self) -> Result<Option<Row>, Error> {
        if self.next == Next::Ahead && !self.read_record()? {
            if self.rows == 0 && !self.allow_empty {
                let path = self.header.path().to_owned();
                return Err(Error::NoRows { path });
            }
            return Ok(None);
        }
        self.rows += 1;
        let (expected, found) = (self.header.columns().len(), self.record.fields);
        if found != expected {
            return Err(Error::Ragged {
                path: self.header.path().to_owned(),
                line: self.record.line,
                expected,
                found,
                spans_lines: self.record.bytes().contains(&b'\n'),
                delimiter: self.delimiter.into(),
                by: self.named_by,
            });
        }
        let header = Arc::clone(&self.header);
        let (line, fields) = (self.record.line, self.record.fields());
        let row = if self.trim {
            Row::new(header, line, fields.map(str::trim), &mut self.buffer)
        } else {
            Row::new(header, line, fields, &mut self.buffer)
        };
        Ok(Some(row))
    }

    /// Parses the next record into `self.record`; `false` at the end of the file.
    fn read_record(&mut self) -> Result<bool, Error> {
        self.skip_to_record()?;
        self.record.clear(self.place.line);
        loop {
            let input = self.input.fill()?;
            let at_end = input.is_empty();
            if at_end && self.record.is_blank() {
                return Ok(false);
            }
            // The last record may lack its line end. One that swallows it stands in an open quote.
            let input = if at_end { b"\n" } else { input };
            let record = &mut self.record;
            let (result, read, written, ended) = self.parser.read_record(
                input,
                &mut record.bytes[record.length..],
                &mut record.ends[record.fields..],
            );
            self.place.pass_lines(&input[..read]);
            self.input.consume(if at_end { 0 } else { read });
            record.started |= read > 0;
            record.length += written;
            record.fields += ended;
            match result {
                ReadRecordResult::InputEmpty if at_end => {
                    return Err(Error::OpenQuote {
                        path: self.header.path().to_owned(),
                        line: self.record.line,
                    });
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if record.length >= RECORD_LIMIT => {
                    return Err(Error::TooLong {
                        path: self.header.path().to_owned(),
                        line: self.record.line,
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

    /// Moves past blank lines and comments, so that the record that follows knows its own line.
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
            self.place.pass_lines(&input[..length]);
            self.input.consume(length);
        }
    }
}

impl Iterator for Csv {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == Next::None {
            return None;
        }
        let row = self.read_row().transpose();
        self.next = match row {
            Some(Ok(_)) => Next::Ahead,
            Some(Err(_)) | None => Next::None,
        };
        row
    }
}

/// Returns the separator that a first line of `sep=;` tells, as Excel writes and reads it, and that line's length.
fn told_delimiter(start: &[u8]) -> Option<(u8, usize)> {
    let (delimiter, rest) = start.strip_prefix(b"sep=")?.split_first()?;
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let is_told = delimiter.is_ascii() && !is_end(delimiter) && rest.first().is_some_and(is_end);
    is_told.then_some((*delimiter, start.len() - rest.len()))
}
