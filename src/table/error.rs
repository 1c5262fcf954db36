//! What can be wrong with a file of rows. Every message names the file and, where there is one, the line.

use std::io;
use std::path::PathBuf;

use super::columns::ColumnSource;
use crate::text::{count, join_names, join_words};

/// A file that could not be read or written as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be opened.
    #[error("cannot open `{}`: {source}", path.display())]
    Open {
        /// The file as it was named.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Reading broke off.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file as it was named.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file could not be written; what stood there before is untouched.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file as it was named.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is larger than what is read at once.
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file as it was named.
        path: PathBuf,
        /// The bound, in bytes.
        limit: u64,
    },
    /// Standard input was read to its end already.
    #[error("`{}` was read already", path.display())]
    StdinAlreadyRead {
        /// What messages call it.
        path: PathBuf,
    },
    /// The file holds nothing at all.
    #[error("`{}` is empty", path.display())]
    Empty {
        /// The file as it was named.
        path: PathBuf,
        /// Its first line should name the columns.
        header: bool,
    },
    /// The file ends after its header.
    #[error("`{}` has a header but no rows", path.display())]
    NoRows {
        /// The file as it was named.
        path: PathBuf,
    },
    /// A record has more or fewer fields than the header.
    #[error(
        "`{}` line {line}: {} where {} {expected}",
        path.display(),
        count(*found, "field"),
        match by {
            ColumnSource::Header => "the header has",
            ColumnSource::FirstRecord => "the first row has",
            ColumnSource::Caller => "`columns` names",
        }
    )]
    Ragged {
        /// The file as it was named.
        path: PathBuf,
        /// Line the record starts at, from 1.
        line: u64,
        /// Columns of the header.
        expected: usize,
        /// Fields of the record.
        found: usize,
        /// Whether a field holds a line break, which a quote left open explains.
        spans_lines: bool,
        /// What separates fields.
        delimiter: char,
        /// What says how many there should be.
        by: ColumnSource,
    },
    /// A file without a header has more or fewer columns than were named for it.
    #[error("`{}` line {line}: {found} fields, and `columns` names {named}", path.display())]
    ColumnCount {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the first record.
        line: u64,
        /// Columns that were named.
        named: usize,
        /// Fields of the record.
        found: usize,
    },
    /// A record grew past what a row of people can be.
    #[error("`{}` line {line}: a record longer than {limit} bytes", path.display())]
    RecordTooLong {
        /// The file as it was named.
        path: PathBuf,
        /// Line the record starts at, from 1.
        line: u64,
        /// The bound, in bytes.
        limit: usize,
    },
    /// A quote is opened and not closed before the end of the file.
    #[error("`{}` line {line}: a quote is opened and never closed", path.display())]
    UnclosedQuote {
        /// The file as it was named.
        path: PathBuf,
        /// Line the record starts at, from 1.
        line: u64,
    },
    /// Two columns have one name.
    #[error("`{}` line {line}: {}", path.display(), describe_duplicate(name, first, second))]
    DuplicateColumn {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the header.
        line: u64,
        /// The name scripts would know both by.
        name: String,
        /// The first such column as it stands in the file, and its number from 1.
        first: (String, usize),
        /// The second such column as it stands in the file, and its number from 1.
        second: (String, usize),
    },
    /// Several columns could be read by one name.
    #[error("`{}` line {line}: {} could each be `{name}`", path.display(), numbered_columns(found))]
    AmbiguousColumns {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the header.
        line: u64,
        /// The name they would be read by.
        name: String,
        /// The columns as they stand in the file, and their numbers from 1.
        found: Vec<(String, usize)>,
    },
    /// Columns that must be there are not.
    #[error(
        "`{}` line {line}: there is no column {}; there is {}",
        path.display(),
        join_names(missing, "or"),
        join_names(present, "and")
    )]
    MissingColumns {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the header.
        line: u64,
        /// Those that are missing.
        missing: Vec<String>,
        /// Those that are there.
        present: Vec<String>,
    },
    /// A column has no name.
    #[error("`{}` line {line}: column {column} has no name", path.display())]
    UnnamedColumn {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the header.
        line: u64,
        /// Number of the column, from 1.
        column: usize,
    },
    /// Bytes that are no text in the encoding the file was read in.
    #[error("`{}` line {line}, column {column}: not {encoding} text (byte 0x{byte:02x})", path.display())]
    Undecodable {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the byte, from 1.
        line: u64,
        /// Characters of that line before it, and 1.
        column: usize,
        /// The byte.
        byte: u8,
        /// The name of the encoding.
        encoding: &'static str,
        /// The name of the encoding that the file is probably in.
        likely: Option<&'static str>,
    },
    /// The file is a workbook where text is read.
    #[error("`{}` is a workbook and no file of text", path.display())]
    UnexpectedWorkbook {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The file is no workbook, or a damaged one.
    #[error("cannot read `{}` as a workbook: {reason}", path.display())]
    InvalidWorkbook {
        /// The file as it was named.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do about it.
        user_hint: &'static str,
    },
    /// The workbook has no such sheet.
    #[error("`{}` has no sheet {wanted}; there is {}", path.display(), join_names(sheets, "and"))]
    NoSheet {
        /// The file as it was named.
        path: PathBuf,
        /// The sheet as it was asked for: a name in backticks, or a number.
        wanted: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// A cell shows that its formula failed.
    #[error("`{}` cell {cell}: the formula's result is {shown}", path.display())]
    FormulaError {
        /// The file as it was named.
        path: PathBuf,
        /// Row of the cell, from 1.
        line: u64,
        /// The cell, such as `B7`.
        cell: String,
        /// What the cell shows, such as `#REF!`.
        shown: String,
    },
    /// A cell holds a formula that nobody calculated, as files have that no spreadsheet saved.
    #[error("`{}` cell {cell}: a formula without a result", path.display())]
    FormulaNotCalculated {
        /// The file as it was named.
        path: PathBuf,
        /// Row of the cell, from 1.
        line: u64,
        /// The cell, such as `B7`.
        cell: String,
    },
    /// A cell stands where no column is named.
    #[error("`{}` cell {cell}: a value beyond the last of {columns} columns", path.display())]
    CellOutsideColumns {
        /// The file as it was named.
        path: PathBuf,
        /// Row of the cell, from 1.
        line: u64,
        /// The cell, such as `B7`.
        cell: String,
        /// Columns of the header.
        columns: usize,
    },
    /// The file would be replaced that rows of this run came from.
    #[error("`{}` was read by this run and is not overwritten", path.display())]
    OverwritesInput {
        /// The file as it was named.
        path: PathBuf,
    },
}

/// Lists columns with their numbers.
fn numbered_columns(columns: &[(String, usize)]) -> String {
    let shown = columns.iter();
    let shown: Vec<String> = shown
        .map(|(name, number)| format!("{number} `{name}`"))
        .collect();
    format!("the columns {}", join_words(&shown, "and"))
}

fn describe_duplicate(name: &str, first: &(String, usize), second: &(String, usize)) -> String {
    if first.0 == second.0 {
        let (one, other) = (first.1, second.1);
        return format!("the column `{name}` is there twice (columns {one} and {other})");
    }
    let ((one, at), (other, also_at)) = (first, second);
    format!("the columns {at} `{one}` and {also_at} `{other}` would both be called `{name}`")
}

impl Error {
    /// Returns the line the error is about, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Ragged { line, .. }
            | Self::ColumnCount { line, .. }
            | Self::RecordTooLong { line, .. }
            | Self::UnclosedQuote { line, .. }
            | Self::DuplicateColumn { line, .. }
            | Self::AmbiguousColumns { line, .. }
            | Self::MissingColumns { line, .. }
            | Self::UnnamedColumn { line, .. }
            | Self::Undecodable { line, .. }
            | Self::FormulaError { line, .. }
            | Self::FormulaNotCalculated { line, .. }
            | Self::CellOutsideColumns { line, .. } => Some(*line),
            _ => None,
        }
    }

    /// Tells whether there is no such file.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Open { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Returns the file the error is about.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        match self {
            Self::Open { path, .. }
            | Self::Read { path, .. }
            | Self::Write { path, .. }
            | Self::TooLarge { path, .. }
            | Self::StdinAlreadyRead { path }
            | Self::Empty { path, .. }
            | Self::NoRows { path }
            | Self::Ragged { path, .. }
            | Self::ColumnCount { path, .. }
            | Self::RecordTooLong { path, .. }
            | Self::UnclosedQuote { path, .. }
            | Self::DuplicateColumn { path, .. }
            | Self::AmbiguousColumns { path, .. }
            | Self::MissingColumns { path, .. }
            | Self::UnnamedColumn { path, .. }
            | Self::Undecodable { path, .. }
            | Self::UnexpectedWorkbook { path }
            | Self::InvalidWorkbook { path, .. }
            | Self::NoSheet { path, .. }
            | Self::FormulaError { path, .. }
            | Self::FormulaNotCalculated { path, .. }
            | Self::CellOutsideColumns { path, .. }
            | Self::OverwritesInput { path } => path,
        }
    }

    /// Makes it the error of a function that has no option for the encoding.
    pub(super) fn without_encoding_hint(mut self) -> Self {
        if let Self::Undecodable { likely, .. } = &mut self {
            *likely = None;
        }
        self
    }
}
