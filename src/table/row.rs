//! A row of a table: text by column in file order, and the file and line it came from.

use std::iter::once;
use std::sync::Arc;

use memchr::memchr_iter;
use serde::{Serialize, Serializer};

use super::Header;
use crate::interpretation::Interpretation;

/// A record of a table. Every value is text, so leading zeros and spaces are kept.
///
/// Cloning is cheap: a clone is copied when it is written to.
#[derive(Clone, Debug)]
pub struct Row {
    header: Arc<Header>,
    cells: Cells,
    line: u64,
}

/// The fields of a record in one allocation: first the offsets of all fields and of the end, then their texts.
/// Each text is followed by one byte without a meaning, such as the delimiter in the file.
#[derive(Clone, Debug)]
struct Cells(Arc<[u8]>);

/// What follows the text of a cell whose formula failed. No delimiter and no text has this byte.
const ERROR_MARK: u8 = 0xFF;

/// The size of an offset in bytes.
const OFFSET_SIZE: usize = size_of::<u32>();

impl Row {
    /// Creates a row from `fields`, one for each column of `header`; missing fields are empty.
    ///
    /// The row is assembled in `buffer`, which is overwritten: share one buffer among rows to save allocations.
    pub fn new<'a>(
        header: Arc<Header>,
        line: u64,
        fields: impl IntoIterator<Item = &'a str>,
        buffer: &mut Vec<u8>,
    ) -> Self {
        let cells = Cells::new(header.columns().len(), fields, buffer);
        Self {
            header,
            cells,
            line,
        }
    }

    /// Creates a row from a line of UTF-8 text; `None` unless it has as many fields as there are columns.
    ///
    /// For `buffer`, see [`new`](Self::new).
    pub(super) fn from_line(
        header: &Arc<Header>,
        line: u64,
        text: &[u8],
        delimiter: u8,
        buffer: &mut Vec<u8>,
    ) -> Option<Self> {
        let cells = Cells::from_line(header.columns().len(), text, delimiter, buffer)?;
        Some(Self {
            header: Arc::clone(header),
            cells,
            line,
        })
    }

    /// Marks the columns with these indexes, whose texts are errors such as `#N/A`.
    #[must_use]
    pub(super) fn with_errors(mut self, columns: &[usize]) -> Self {
        self.cells.mark_errors(columns);
        self
    }

    /// Returns the error that the cell in `column` shows instead of a value.
    pub fn cell_error(&self, column: &str) -> Option<&str> {
        let index = self.header.index(column)?;
        self.cells.is_error(index).then(|| self.cells.at(index))
    }

    /// Returns the value of `column`, or `None` if there is no such column.
    pub fn value(&self, column: &str) -> Option<&str> {
        let index = self.header.index(column)?;
        self.header.mark_read(index);
        Some(self.cells.at(index))
    }

    /// Returns the text in the column with this index, without recording that it is read.
    pub fn peek(&self, index: usize) -> &str {
        self.cells.at(index)
    }

    /// Returns whether the sheet that the row comes from hides it.
    pub fn is_hidden(&self) -> bool {
        self.header.is_hidden(self.line)
    }

    /// Returns what to know about the values of the row before they are used.
    pub fn remarks(&self) -> impl Iterator<Item = &Interpretation> {
        self.header.remarks(self.line)
    }

    /// Sets the value of `column`, and adds the column at the end if it is missing.
    pub fn set(&mut self, column: &str, value: &str) {
        let index = self.header.index(column).unwrap_or_else(|| {
            self.header = Arc::new(self.header.with_column(column));
            self.header.columns().len() - 1
        });
        let count = self.header.columns().len();
        let fields = (0..count).map(|at| {
            if at == index {
                value
            } else {
                self.cells.at(at)
            }
        });
        let is_error = |at: &usize| *at != index && self.cells.is_error(*at);
        let errors: Vec<usize> = (0..count).filter(is_error).collect();
        self.cells = Cells::new(count, fields, &mut Vec::new());
        self.cells.mark_errors(&errors);
    }

    /// Iterates over columns and values in file order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.header
            .columns()
            .iter()
            .enumerate()
            .map(|(index, column)| (column.as_str(), self.cells.at(index)))
    }

    /// Returns the line that the record starts at, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Returns the columns and the file of this row.
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }
}

impl Serialize for Row {
    /// Writes an object of columns and values, in file order.
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

    fn mark_errors(&mut self, columns: &[usize]) {
        if columns.is_empty() {
            return;
        }
        let mut bytes = self.0.to_vec();
        for index in columns {
            if let Some(mark) = bytes.get_mut(self.offset(index + 1) - 1) {
                *mark = ERROR_MARK;
            }
        }
        self.0 = Arc::from(bytes);
    }

    fn is_error(&self, index: usize) -> bool {
        let next = self.offset(index + 1).checked_sub(1);
        next.and_then(|mark| self.0.get(mark)) == Some(&ERROR_MARK)
    }

    fn at(&self, index: usize) -> &str {
        // Fields went in as text, so nothing here fails for an index inside the columns; beyond them, fields are empty.
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

/// Reading limits a record to far less than 4 GiB, and the memory of a script limits what it assigns.
fn offset(at: usize) -> [u8; OFFSET_SIZE] {
    u32::try_from(at).unwrap_or(u32::MAX).to_ne_bytes()
}
