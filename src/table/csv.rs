//! Reading CSV: a header and the rows that are as long as it.

use std::sync::Arc;

use super::columns::{ColumnOptions, ColumnSource};
use super::decode::TextReader;
use super::encoding::Charset;
use super::input::{Input, display_name};
use super::record::{CsvRecord, Fields, RecordReader};
use super::{Error, Header, Row};
use crate::file_access::ResolvedPath;

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
pub struct CsvReader {
    records: RecordReader<Input>,
    header: Arc<Header>,
    /// Where each row is put together.
    buffer: Vec<u8>,
    trim: bool,
    column_source: ColumnSource,
    allow_empty: bool,
    any: bool,
    next: NextRecord,
}

/// Where the next row comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NextRecord {
    /// It is the record that was read for the names of the columns.
    Read,
    /// From the file.
    Ahead,
    /// There is none: the file has ended, or is wrong.
    None,
}

impl CsvReader {
    /// Opens `file`, where `-` is standard input, and reads its header.
    ///
    /// # Errors
    /// The file cannot be read, is empty, or its columns are not as they must be.
    pub fn open(file: &ResolvedPath, options: &CsvOptions) -> Result<Self, Error> {
        let input = Input::open(file)?;
        let path = display_name(file.name());
        let charset = options.encoding.map(Charset::encoding);
        let input = TextReader::new(input, path.clone(), charset)?;
        let mut csv = Self {
            records: RecordReader::new(input, options.delimiter, options.comment)?,
            header: Arc::new(Header::new(path, Vec::new())),
            buffer: Vec::new(),
            trim: options.trim,
            column_source: options.columns.column_source(),
            allow_empty: options.allow_empty,
            any: false,
            next: NextRecord::Ahead,
        };
        csv.open_columns(&options.columns)?;
        Ok(csv)
    }

    /// Returns the columns of the file.
    #[must_use]
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    fn open_columns(&mut self, columns: &ColumnOptions) -> Result<(), Error> {
        let path = self.header.path();
        let header = match self.records.parse()? {
            Some(record) => {
                if !columns.header {
                    self.next = NextRecord::Read;
                }
                columns.name(path, record.line, record.fields.iter())?
            }
            None if columns.header || !self.allow_empty => {
                let (path, header) = (path.to_owned(), columns.header);
                return Err(Error::Empty { path, header });
            }
            None => Header::new(path.to_owned(), columns.columns.clone()),
        };
        self.header = Arc::new(header);
        Ok(())
    }

    fn read_row(&mut self) -> Result<Option<Row>, Error> {
        let delimiter = self.records.delimiter();
        let record = match self.next {
            NextRecord::Read => Some(self.records.parsed()),
            NextRecord::Ahead => self.records.read()?,
            NextRecord::None => return Ok(None),
        };
        let Some(CsvRecord { line, fields }) = record else {
            if self.any || self.allow_empty {
                return Ok(None);
            }
            let path = self.header.path().to_owned();
            return Err(Error::NoRows { path });
        };
        self.any = true;
        let (header, buffer) = (&self.header, &mut self.buffer);
        let row = match fields {
            Fields::Delimited(text, delimiter) if !self.trim => {
                Row::from_line(header, line, text, delimiter, buffer)
            }
            _ if fields.count() != header.columns().len() => None,
            _ if self.trim => {
                let fields = fields.iter().map(str::trim);
                Some(Row::new(Arc::clone(header), line, fields, buffer))
            }
            _ => Some(Row::new(Arc::clone(header), line, fields.iter(), buffer)),
        };
        if row.is_none() {
            return Err(Error::Ragged {
                path: header.path().to_owned(),
                line,
                expected: header.columns().len(),
                found: fields.count(),
                spans_lines: fields.spans_lines(),
                delimiter: delimiter.into(),
                by: self.column_source,
            });
        }
        Ok(row)
    }
}

impl Iterator for CsvReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.read_row().transpose();
        self.next = match row {
            Some(Ok(_)) => NextRecord::Ahead,
            Some(Err(_)) | None => NextRecord::None,
        };
        row
    }
}
