//! A row of a table: text by column, in file order, with the file and line it came from.

use std::iter::once;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memchr::memchr_iter;
use serde::{Serialize, Serializer};

use super::Error;

/// The columns of one file, shared by all of its rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Header {
    path: Arc<Path>,
    line: u64,
    columns: Vec<String>,
    aliases: Arc<[Alias]>,
}

/// A name that no column has, and those that could be read by it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Alias {
    pub(super) name: String,
    /// One, or several, of which none is read.
    pub(super) columns: Vec<usize>,
}

impl Header {
    /// Creates the header of the file at `path`.
    #[must_use]
    pub fn new(path: PathBuf, columns: Vec<String>) -> Self {
        Self {
            path: path.into(),
            line: 1,
            columns,
            aliases: Arc::default(),
        }
    }

    /// Lets columns of this header, which stands in `line`, be read by other names too.
    pub(super) fn with_aliases(self, line: u64, aliases: Vec<Alias>) -> Self {
        Self {
            line,
            aliases: aliases.into(),
            ..self
        }
    }

    /// Returns the names of the columns, in file order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns the file the rows come from.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the file the rows come from, for something that outlives them.
    #[must_use]
    pub fn shared_path(&self) -> Arc<Path> {
        Arc::clone(&self.path)
    }

    /// Returns the names that columns can be read by beside their own.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(|alias| alias.name.as_str())
    }

    /// Returns which column is read by the name `column`.
    pub(super) fn index(&self, column: &str) -> Option<usize> {
        let own = self.columns.iter().position(|name| name == column);
        own.or_else(|| match self.alias(column)?.columns.as_slice() {
            [index] => Some(*index),
            _ => None,
        })
    }

    /// Returns the error of reading `column`, where several could be meant.
    #[must_use]
    pub fn ambiguity(&self, column: &str) -> Option<Error> {
        if self.index(column).is_some() {
            return None;
        }
        let found = self.alias(column)?.columns.iter();
        Some(Error::AmbiguousColumns {
            path: self.path.to_path_buf(),
            line: self.line,
            name: column.to_owned(),
            found: found
                .filter_map(|&index| Some((self.columns.get(index)?.clone(), index + 1)))
                .collect(),
        })
    }

    fn alias(&self, name: &str) -> Option<&Alias> {
        self.aliases.iter().find(|alias| alias.name == name)
    }
}

/// One record of a table. Every value is text: leading zeros and spaces stay as they are in the file.
///
/// Cloning is cheap; a clone that is written to becomes a copy of its own.
#[derive(Clone, Debug)]
pub struct Row {
    header: Arc<Header>,
    cells: Cells,
    line: u64,
}

/// The fields of a record in one allocation: first where each one starts and one behind the last would, then their text.
/// A byte of no meaning stands between two of them, as the delimiter does in the file.
#[derive(Clone, Debug)]
struct Cells(Arc<[u8]>);

/// Bytes that a start takes.
const OFFSET_SIZE: usize = size_of::<u32>();

impl Row {
    /// Creates a row from `fields`, one for each column of `header`; missing ones are empty.
    ///
    /// `buffer` is where the row is put together; what it holds is lost, and rows that share one cost less.
    #[must_use]
    pub fn new<'a>(
        header: Arc<Header>,
        line: u64,
        fields: impl IntoIterator<Item = &'a str>,
        buffer: &mut Vec<u8>,
    ) -> Self {
        let cells = Cells::new(header.columns.len(), fields, buffer);
        Self {
            header,
            cells,
            line,
        }
    }

    /// Creates a row from a line whose fields `delimiter` separates; `None` unless there are as many as columns.
    ///
    /// The line is text, and `buffer` as in [`new`](Self::new).
    pub(super) fn from_line(
        header: &Arc<Header>,
        line: u64,
        text: &[u8],
        delimiter: u8,
        buffer: &mut Vec<u8>,
    ) -> Option<Self> {
        let cells = Cells::from_line(header.columns.len(), text, delimiter, buffer)?;
        Some(Self {
            header: Arc::clone(header),
            cells,
            line,
        })
    }

    /// Returns the value of `column`, or `None` where the table has no such column.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<&str> {
        self.header.index(column).map(|index| self.cells.at(index))
    }

    /// Sets the value of `column`, which is added at the end where the row has no such column.
    pub fn set(&mut self, column: &str, value: &str) {
        let index = self.header.index(column).unwrap_or_else(|| {
            let mut columns = self.header.columns.clone();
            columns.push(column.to_owned());
            self.header = Arc::new(Header {
                path: self.header.shared_path(),
                line: self.header.line,
                columns,
                aliases: Arc::clone(&self.header.aliases),
            });
            self.header.columns.len() - 1
        });
        let count = self.header.columns.len();
        let fields = (0..count).map(|at| {
            if at == index {
                value
            } else {
                self.cells.at(at)
            }
        });
        self.cells = Cells::new(count, fields, &mut Vec::new());
    }

    /// Iterates over columns and their values, in file order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.header
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| (column.as_str(), self.cells.at(index)))
    }

    /// Returns the line the record starts at, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Returns the columns and the file of this row.
    #[must_use]
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }
}

impl Serialize for Row {
    /// Writes an object of columns and their texts, in file order.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Cells {
    fn new<'a>(
        count: usize,
        fields: impl IntoIterator<Item = &'a str>,
        buffer: &mut Vec<u8>,
    ) -> Self {
        buffer.clear();
        buffer.resize((count + 1) * OFFSET_SIZE, 0);
        let mut fields = fields.into_iter();
        for index in 0..=count {
            let start = offset(buffer.len());
            buffer[index * OFFSET_SIZE..][..OFFSET_SIZE].copy_from_slice(&start);
            if index < count {
                buffer.extend_from_slice(fields.next().unwrap_or("").as_bytes());
                buffer.push(0);
            }
        }
        Self(Arc::from(buffer.as_slice()))
    }

    fn from_line(count: usize, text: &[u8], delimiter: u8, buffer: &mut Vec<u8>) -> Option<Self> {
        buffer.clear();
        let first = (count + 1) * OFFSET_SIZE;
        let mut starts = once(first).chain(
            memchr_iter(delimiter, text)
                .chain(once(text.len()))
                .map(|end| first + end + 1),
        );
        for _ in 0..=count {
            buffer.extend_from_slice(&offset(starts.next()?));
        }
        if starts.next().is_some() {
            return None;
        }
        buffer.extend_from_slice(text);
        Some(Self(Arc::from(buffer.as_slice())))
    }

    fn at(&self, index: usize) -> &str {
        // Fields went in as text, so that none of this can fail within the columns; beyond them there is nothing.
        let (start, next) = (self.offset(index), self.offset(index + 1));
        let bytes = self.0.get(start..next.saturating_sub(1));
        str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }

    fn offset(&self, index: usize) -> usize {
        let bytes = self
            .0
            .get(index * OFFSET_SIZE..)
            .and_then(<[u8]>::first_chunk);
        bytes.map_or(0, |bytes| u32::from_ne_bytes(*bytes) as usize)
    }
}

/// A record is bounded far below 4 GiB when it is read; what a script assigns is bounded by its memory.
fn offset(at: usize) -> [u8; OFFSET_SIZE] {
    u32::try_from(at).unwrap_or(u32::MAX).to_ne_bytes()
}
