//! Reading CSV, one record at a time, with exact line numbers.
//!
//! The parser is `csv-core`, the one under the `csv` crate. It is driven here, and not through `csv::Reader`, because
//! that one's line numbers are off after blank lines and with CRLF line ends, and a complaint must name the right line.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv_core::ReadRecordResult;

use super::record::{LineCounter, Record};
use super::{Error, Header, Row};

/// Longest record taken for a row of people; more is a quote that was never closed.
const RECORD_LIMIT: usize = 1024 * 1024;
const BUFFER: usize = 64 * 1024;
const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// How a CSV file is to be read.
#[derive(Clone, Debug, Default)]
pub struct CsvOptions {
    /// Accept a file that has a header and no rows.
    pub allow_empty: bool,
}

/// An open CSV file: an iterator over its rows that stops at the first error.
pub struct Csv {
    input: BufReader<File>,
    parser: csv_core::Reader,
    header: Arc<Header>,
    record: Record,
    /// Where each row is put together.
    buffer: Vec<u8>,
    lines: LineCounter,
    allow_empty: bool,
    rows: u64,
    done: bool,
}

impl Csv {
    /// Opens the file at `path` and reads its header.
    ///
    /// # Errors
    /// The file cannot be read, is empty, or its header has unnamed or repeated columns.
    pub fn open(path: &Path, options: &CsvOptions) -> Result<Self, Error> {
        let file = File::open(path).map_err(|source| Error::Open {
            path: path.to_owned(),
            source,
        })?;
        let mut csv = Self {
            input: BufReader::with_capacity(BUFFER, file),
            parser: csv_core::Reader::new(),
            header: Arc::new(Header::new(path.to_owned(), Vec::new())),
            record: Record::new(),
            buffer: Vec::new(),
            lines: LineCounter::new(),
            allow_empty: options.allow_empty,
            rows: 0,
            done: false,
        };
        csv.skip_bom()?;
        if !csv.read_record()? {
            return Err(Error::Empty {
                path: path.to_owned(),
            });
        }
        csv.header = Arc::new(csv.parse_header()?);
        Ok(csv)
    }

    /// Returns the columns of the file.
    #[must_use]
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    fn path(&self) -> PathBuf {
        self.header.path().to_owned()
    }

    fn skip_bom(&mut self) -> Result<(), Error> {
        let path = self.path();
        let start = self
            .input
            .fill_buf()
            .map_err(|source| Error::Read { path, source })?;
        if start.starts_with(UTF8_BOM) {
            self.input.consume(UTF8_BOM.len());
        }
        Ok(())
    }

    fn parse_header(&self) -> Result<Header, Error> {
        let line = self.record.line;
        let mut columns: Vec<String> = Vec::with_capacity(self.record.fields);
        for (index, name) in self.record.fields(&self.header)?.enumerate() {
            let name = name.trim();
            if name.is_empty() {
                return Err(Error::UnnamedColumn {
                    path: self.path(),
                    line,
                    column: index + 1,
                });
            }
            if let Some(first) = columns.iter().position(|other| other == name) {
                return Err(Error::DuplicateColumn {
                    path: self.path(),
                    line,
                    name: name.to_owned(),
                    first: first + 1,
                    second: index + 1,
                });
            }
            columns.push(name.to_owned());
        }
        Ok(Header::new(self.path(), columns))
    }

    fn read_row(&mut self) -> Result<Option<Row>, Error> {
        if !self.read_record()? {
            if self.rows == 0 && !self.allow_empty {
                return Err(Error::NoRows { path: self.path() });
            }
            return Ok(None);
        }
        self.rows += 1;
        let (expected, found) = (self.header.columns().len(), self.record.fields);
        if found != expected {
            return Err(Error::Ragged {
                path: self.path(),
                line: self.record.line,
                expected,
                found,
                spans_lines: self.record.bytes().contains(&b'\n'),
            });
        }
        let fields = self.record.fields(&self.header)?;
        Ok(Some(Row::new(
            Arc::clone(&self.header),
            self.record.line,
            fields,
            &mut self.buffer,
        )))
    }

    /// Parses the next record into `self.record`; `false` at the end of the file.
    fn read_record(&mut self) -> Result<bool, Error> {
        self.skip_blank_lines()?;
        self.record.clear(self.lines.line);
        loop {
            let path = self.header.path();
            let input = self.input.fill_buf().map_err(|source| Error::Read {
                path: path.to_owned(),
                source,
            })?;
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
            self.lines.count(&input[..read]);
            self.input.consume(if at_end { 0 } else { read });
            record.started |= read > 0;
            record.length += written;
            record.fields += ended;
            match result {
                ReadRecordResult::InputEmpty if at_end => {
                    return Err(Error::OpenQuote {
                        path: self.path(),
                        line: self.record.line,
                    });
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if record.length >= RECORD_LIMIT => {
                    return Err(Error::TooLong {
                        path: self.path(),
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

    /// Moves past line ends, so that the record that follows knows its own line.
    fn skip_blank_lines(&mut self) -> Result<(), Error> {
        loop {
            let path = self.header.path();
            let input = self.input.fill_buf().map_err(|source| Error::Read {
                path: path.to_owned(),
                source,
            })?;
            let blank = input
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
            self.lines.count(&input[..blank]);
            let more = blank == input.len() && blank > 0;
            self.input.consume(blank);
            if !more {
                return Ok(());
            }
        }
    }
}

impl Iterator for Csv {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.read_row().transpose();
        self.done = !matches!(row, Some(Ok(_)));
        row
    }
}
