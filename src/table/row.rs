//! A row of a table: text by column, in file order, with the file and line it came from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The columns of one file, shared by all of its rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Header {
    path: PathBuf,
    columns: Vec<String>,
}

impl Header {
    /// Creates the header of the file at `path`.
    #[must_use]
    pub fn new(path: PathBuf, columns: Vec<String>) -> Self {
        Self { path, columns }
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

    fn index(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }
}

/// One record of a table. Every value is text: leading zeros and spaces stay as they are in the file.
///
/// Cloning is cheap; a clone that is written to becomes a copy of its own.
#[derive(Clone, Debug)]
pub struct Row {
    header: Arc<Header>,
    cells: Arc<Cells>,
    line: u64,
}

/// The fields of a record in one allocation: `ends[i]` is where field `i` ends in `text`.
#[derive(Clone, Debug)]
struct Cells {
    text: Box<str>,
    ends: Box<[u32]>,
}

impl Row {
    /// Creates a row from `fields`, one for each column of `header`; missing ones are empty.
    #[must_use]
    pub fn new<'a>(
        header: Arc<Header>,
        line: u64,
        fields: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut fields = fields.into_iter();
        let cells = Cells::new((0..header.columns.len()).map(|_| fields.next().unwrap_or("")));
        Self {
            header,
            cells: Arc::new(cells),
            line,
        }
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
            self.header = Arc::new(Header::new(self.header.path.clone(), columns));
            self.header.columns.len() - 1
        });
        let cells = Cells::new((0..self.header.columns.len()).map(|at| {
            if at == index {
                value
            } else {
                self.cells.at(at)
            }
        }));
        self.cells = Arc::new(cells);
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

impl Cells {
    fn new<'a>(fields: impl Iterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(fields.size_hint().0);
        for field in fields {
            text.push_str(field);
            // A record is bounded far below 4 GiB when it is read; what a script assigns is bounded by its memory.
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Self {
            text: text.into_boxed_str(),
            ends: ends.into_boxed_slice(),
        }
    }

    fn at(&self, index: usize) -> &str {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).map_or(0, |end| *end as usize),
        };
        let end = self.ends.get(index).map_or(start, |end| *end as usize);
        self.text.get(start..end).unwrap_or("")
    }
}
