//! Reading CSV: a header, and rows with as many fields.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::advice::Advice;
use super::charset::Charset;
use super::columns::ColumnOptions;
use super::decode::TextReader;
use super::delimiter::CANDIDATES;
use super::error::{ColumnSource, RaggedCause};
use super::input::{Input, display_name};
use super::likely_header::{SAMPLE_LINES, likely_delimiter, likely_header};
use super::quoted_lines::{is_quoted_header, is_quoted_row};
use super::record::{CsvRecord, Fields, RecordReader};
use super::{Error, ErrorKind, Header, Row};
use crate::file_access::ResolvedPath;
use crate::people::parse_email;

/// How to read a CSV file.
#[derive(Clone, Debug, Default)]
pub struct CsvOptions {
    /// Accept a file without rows.
    pub allow_empty: bool,
    /// The line of the header; lines above it are left out.
    pub start_row: Option<NonZeroU32>,
    /// Detected if not given.
    pub delimiter: Option<u8>,
    /// The encoding of a file without a byte order mark; UTF-8 if not given.
    pub encoding: Option<Charset>,
    /// What comment lines start with.
    pub comment: Option<u8>,
    /// Remove white space around every field.
    pub trim: bool,
    pub columns: ColumnOptions,
}

/// An open CSV file: an iterator over rows that stops at the first error.
#[expect(
    clippy::struct_excessive_bools,
    reason = "two are options, and two are facts about the file"
)]
pub struct CsvReader {
    records: RecordReader<Input>,
    header: Arc<Header>,
    /// Rows are assembled here.
    buffer: Vec<u8>,
    trim: bool,
    column_source: ColumnSource,
    is_address_list: bool,
    allow_empty: bool,
    has_rows: bool,
    next: NextRecord,
}

/// The source of the next row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NextRecord {
    /// The record that was parsed to count the columns.
    Parsed,
    /// The rest of the file.
    Unread,
    /// The file has ended, or had an error.
    None,
}

impl CsvReader {
    /// Opens `file` and reads its header; `-` is standard input.
    pub fn open(file: &ResolvedPath, options: &CsvOptions) -> Result<Self, Error> {
        let input = Input::open(file)?;
        let path = display_name(file.name());
        let input = TextReader::new(input, path.clone(), options.encoding)?;
        let start = options.start_row.map_or(1, |row| row.get().into());
        let mut csv = Self {
            records: RecordReader::new(input, options.delimiter, options.comment, start)?,
            header: Arc::new(Header::new(path, Vec::new())),
            buffer: Vec::new(),
            trim: options.trim,
            column_source: options.columns.column_source(),
            is_address_list: false,
            allow_empty: options.allow_empty,
            has_rows: false,
            next: NextRecord::Unread,
        };
        csv.open_columns(&options.columns)?;
        Ok(csv)
    }

    /// Returns the columns of the file.
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// Returns the character between fields.
    pub fn delimiter(&self) -> u8 {
        self.records.delimiter()
    }

    fn open_columns(&mut self, columns: &ColumnOptions) -> Result<(), Error> {
        let path = self.header.path().to_owned();
        let has_record = self.records.parse()?.is_some();
        if has_record && columns.header && self.records.is_quoted() {
            let record = self.records.parsed();
            let fields: Vec<&str> = record.fields.iter().collect();
            if is_quoted_header(&fields) {
                let line = record.line;
                return Err(Error::at(path, line, ErrorKind::QuotedLines));
            }
        }
        let advice = if has_record && columns.header {
            self.advice()
        } else {
            Advice::default()
        };
        let header = match has_record.then(|| self.records.parsed()) {
            Some(record) => {
                let named = columns.name(&path, record.line, record.fields.iter());
                let named = named.map_err(|error| error.with_advice(&advice))?;
                if named.first_is_row {
                    self.next = NextRecord::Parsed;
                }
                self.is_address_list = named.is_address_list;
                named.header
            }
            None if columns.header || !self.allow_empty => {
                let header = columns.header;
                return Err(Error::new(path, ErrorKind::Empty { header }));
            }
            None => Header::new(path, columns.columns.clone()),
        };
        header.set_advice(advice);
        self.header = Arc::new(header);
        if !self.header.unnamed().is_empty()
            && let Some(first) = self.records.parse()?
        {
            // A wrong header is reported when the file is opened.
            if self.header.fits(first.fields.count()) {
                let fields = self.header.named_fields(first.line, first.fields.iter());
                fields.map_err(|error| self.header.advised(error))?;
            }
            self.next = NextRecord::Parsed;
        }
        Ok(())
    }

    /// Looks for a header below the record that was parsed.
    fn advice(&self) -> Advice {
        let header: Vec<&str> = self.records.parsed().fields.iter().collect();
        let lines = self.records.next_lines().take(SAMPLE_LINES);
        let rows = lines.map(|(number, line)| {
            let split = |delimiter: &u8| -> Vec<&str> {
                let fields = line.split(char::from(*delimiter));
                fields.map(|field| field.trim().trim_matches('"')).collect()
            };
            let rows = CANDIDATES.iter().map(split);
            (number, rows.max_by_key(Vec::len).unwrap_or_default())
        });
        let mut lines = self.records.next_lines().map(|(_, line)| line);
        let next = lines.find(|line| !line.trim().is_empty()).unwrap_or("");
        let delimiter = match header.as_slice() {
            [name] => likely_delimiter(name, next),
            _ => None,
        };
        Advice {
            likely_header: likely_header(header, rows),
            delimiter,
            ..Advice::default()
        }
    }

    fn read_row(&mut self) -> Result<Option<Row>, Error> {
        let delimiter = self.records.delimiter();
        let record = match self.next {
            NextRecord::Parsed => Some(self.records.parsed()),
            NextRecord::Unread => self.records.read()?,
            NextRecord::None => return Ok(None),
        };
        let Some(CsvRecord { line, fields }) = record else {
            if self.has_rows || self.allow_empty {
                return Ok(None);
            }
            let path = self.header.path().to_owned();
            return Err(self.header.advised(Error::new(path, ErrorKind::NoRows)));
        };
        self.has_rows = true;
        let (header, buffer) = (&self.header, &mut self.buffer);
        let row = match fields {
            Fields::Delimited(text, delimiter) if !self.trim && header.unnamed().is_empty() => {
                Row::from_line(header, line, text, delimiter, buffer)
            }
            _ if !header.fits(fields.count()) => None,
            _ if self.trim || !header.unnamed().is_empty() => {
                let trim = |field| if self.trim { str::trim(field) } else { field };
                let fields = header.named_fields(line, fields.iter().map(trim));
                let fields = fields.map_err(|error| header.advised(error))?;
                Some(Row::new(Arc::clone(header), line, fields, buffer))
            }
            _ => Some(Row::new(Arc::clone(header), line, fields.iter(), buffer)),
        };
        if row.is_none() {
            let texts: Vec<&str> = fields.iter().collect();
            if is_quoted_row(&texts, delimiter, header.width()) {
                let path = header.path().to_owned();
                return Err(Error::at(path, line, ErrorKind::QuotedLines));
            }
            return Err(header.advised(Error::at(
                header.path(),
                line,
                ErrorKind::Ragged {
                    expected: header.width(),
                    found: fields.count(),
                    likely_cause: ragged_cause(line, fields, header.width()),
                    delimiter: delimiter.into(),
                    column_source: self.column_source,
                },
            )));
        }
        if let Some(row) = row.as_ref().filter(|_| self.is_address_list) {
            check_address(row)?;
        }
        Ok(row)
    }
}

/// Returns why the record in `line` probably does not have the `expected` number of fields.
fn ragged_cause(line: u64, fields: Fields, expected: usize) -> Option<RaggedCause> {
    let other_quote = |field: &str| {
        let text = field.trim();
        let mut letters = text.chars();
        let quote = letters.next().filter(|quote| "'‘“„«".contains(*quote))?;
        (!text.ends_with(['\'', '’', '”', '“', '»'])).then_some(quote)
    };
    let quoted = fields.quoted_lines(line);
    if let Some((opened, closed)) = quoted {
        Some(RaggedCause::QuotedLines(opened, closed))
    } else if fields.iter().any(|field| field.contains('\0')) {
        Some(RaggedCause::Zeros)
    } else if let Some(quote) = fields.iter().find_map(other_quote) {
        Some(RaggedCause::OtherQuote(quote))
    } else if fields.count() == 1 {
        Some(RaggedCause::SingleField)
    } else {
        let mut others = fields.iter().skip(expected).peekable();
        let is_longer = others.peek().is_some();
        (is_longer && others.all(|field| field.trim().is_empty()))
            .then_some(RaggedCause::EmptyAtEnd)
    }
}

/// Refuses a row of a list of addresses that is not one.
pub(super) fn check_address(row: &Row) -> Result<(), Error> {
    let text = row.peek(0);
    if parse_email(text).is_ok() {
        return Ok(());
    }
    Err(Error::at(
        row.header().path(),
        row.line(),
        ErrorKind::NotAnAddress {
            text: text.to_owned(),
        },
    ))
}

impl Iterator for CsvReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.read_row().transpose();
        self.next = match row {
            Some(Ok(_)) => NextRecord::Unread,
            Some(Err(_)) | None => NextRecord::None,
        };
        row
    }
}
