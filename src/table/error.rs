//! Errors in files of rows. Every message names the file and, if there is one, the line.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use super::advice::Advice;
use super::format::Format;
use super::quote_problem::QuoteProblem;
use super::readings::{Reading, TextBefore};
use crate::file_access::AccessDenied;
use crate::text::{count, join_names, join_words};

/// Why a file could not be read or written.
///
/// `path` is the file as the user named it. Lines and columns count from 1; the line of a cell is its row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("cannot open `{}`: {source}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("cannot read `{}`: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// An older file of that name is untouched.
    #[error("cannot write `{}`: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge { path: PathBuf, limit: u64 },
    #[error("`{}` was already read", path.display())]
    StdinAlreadyRead { path: PathBuf },
    #[error("`{}` is empty", path.display())]
    Empty {
        path: PathBuf,
        /// Whether the first line should name the columns.
        header: bool,
    },
    #[error("`{}` has a header but no rows", path.display())]
    NoRows { path: PathBuf },
    #[error(
        "`{}` line {line}: {} where {} {expected}",
        path.display(),
        count(*found, "field"),
        match column_source {
            ColumnSource::Header => "the header has",
            ColumnSource::FirstRecord => "the first row has",
            ColumnSource::Caller => "`columns` names",
        }
    )]
    Ragged {
        path: PathBuf,
        line: u64,
        expected: usize,
        found: usize,
        likely_cause: Option<RaggedCause>,
        delimiter: char,
        column_source: ColumnSource,
    },
    /// A file without a header has more or fewer columns than `columns` names.
    #[error("`{}` line {line}: {found} fields, but `columns` names {named}", path.display())]
    ColumnCount {
        path: PathBuf,
        line: u64,
        named: usize,
        found: usize,
    },
    #[error("`{}` line {line}: a record longer than {limit} bytes", path.display())]
    RecordTooLong {
        path: PathBuf,
        line: u64,
        limit: usize,
    },
    #[error("`{}` line {line}: a line longer than {limit} bytes", path.display())]
    LineTooLong {
        path: PathBuf,
        line: u64,
        limit: usize,
    },
    /// The cells of a row of a workbook are longer, each or together.
    #[error("`{}` line {line}: a row with more than {limit} bytes of text", path.display())]
    RowTooLong {
        path: PathBuf,
        line: u64,
        limit: usize,
    },
    #[error("`{}` line {line}: {problem}", path.display())]
    Quote {
        path: PathBuf,
        line: u64,
        problem: QuoteProblem,
    },
    #[error("`{}` line {line}: {}", path.display(), describe_duplicate(name, first, second))]
    DuplicateColumn {
        path: PathBuf,
        line: u64,
        /// The name that scripts would use for both.
        name: String,
        /// The first column as it is spelled in the file, and its number.
        first: (String, usize),
        /// The second column, likewise.
        second: (String, usize),
    },
    #[error("`{}` line {line}: {} could each be `{name}`", path.display(), numbered_columns(found))]
    AmbiguousColumns {
        path: PathBuf,
        line: u64,
        name: String,
        /// The columns as they are spelled in the file, and their numbers.
        found: Vec<(String, usize)>,
    },
    #[error(
        "`{}` line {line}: there is no column {}; the file has {}",
        path.display(),
        join_names(missing, "or"),
        join_names(present, "and")
    )]
    MissingColumns {
        path: PathBuf,
        line: u64,
        missing: Vec<String>,
        present: Vec<String>,
    },
    /// The first line is a row, and names no columns.
    #[error("`{}` line {line}: `{address}` is an address, not the name of a column", path.display())]
    NoHeader {
        path: PathBuf,
        line: u64,
        address: String,
    },
    /// The first line of a file without a header is an address, but another line is not.
    #[error("`{}` line {line}: `{text}` is not an address, as the first line is", path.display())]
    NotAnAddress {
        path: PathBuf,
        line: u64,
        text: String,
    },
    /// Columns without a name are left out if they are empty.
    #[error("`{}` line {line}: column {column} has no name, and a value in line {value_line}", path.display())]
    UnnamedColumn {
        path: PathBuf,
        line: u64,
        column: usize,
        value_line: u64,
    },
    /// All fields of the header are empty.
    #[error("`{}` line {line}: no column has a name", path.display())]
    NoNames { path: PathBuf, line: u64 },
    #[error("`{}` line {line}, column {column}: not {encoding} text (byte 0x{byte:02x})", path.display())]
    Undecodable {
        path: PathBuf,
        line: u64,
        /// Counted in characters.
        column: usize,
        byte: u8,
        encoding: Cow<'static, str>,
        /// The line in other encodings, the likely one first.
        readings: Vec<Reading>,
        before: TextBefore,
    },
    #[error("`{}` is {format}, not a text file", path.display())]
    OtherFormat { path: PathBuf, format: Format },
    /// Each line is in quotes as a whole, so it has only one field.
    #[error("`{}` line {line}: the line is in quotes as a whole", path.display())]
    QuotedLines { path: PathBuf, line: u64 },
    #[error("cannot read `{}` as a workbook: {reason}", path.display())]
    InvalidWorkbook {
        path: PathBuf,
        reason: String,
        user_hint: &'static str,
    },
    #[error("`{}` has no sheet {wanted}; it has {}", path.display(), join_names(sheets, "and"))]
    NoSheet {
        path: PathBuf,
        /// The sheet that was requested: a name in backticks, or a number.
        wanted: String,
        sheets: Vec<String>,
    },
    #[error("`{}` cell {cell}: the formula's result is {shown}", path.display())]
    FormulaError {
        path: PathBuf,
        line: u64,
        cell: String,
        shown: String,
    },
    /// Files that a program generated have formulas without results until a spreadsheet saves them.
    #[error("`{}` cell {cell}: a formula without a result", path.display())]
    FormulaNotCalculated {
        path: PathBuf,
        line: u64,
        cell: String,
    },
    /// A cell has a value where no column has a name.
    #[error("`{}` cell {cell}: a value outside the {} of the header", path.display(), count(*columns, "column"))]
    CellOutsideColumns {
        path: PathBuf,
        line: u64,
        cell: String,
        columns: usize,
    },
    /// The rows may be elsewhere in the file.
    #[error("{error}")]
    Advised {
        path: PathBuf,
        error: Box<Error>,
        advice: Advice,
    },
    /// This run has read the file.
    #[error("`{}` was read by this run and is not overwritten", path.display())]
    OverwritesInput { path: PathBuf },
    /// Results are not written over a file that may hold those of another run.
    #[error("`{}` already exists, and is not overwritten", path.display())]
    OverwritesFile { path: PathBuf },
}

/// What determines the number of columns of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnSource {
    /// The first record, which names the columns.
    Header,
    /// The first record, which is a row.
    FirstRecord,
    /// The names passed for a file without a header.
    Caller,
}

/// Why a record probably has too many or too few fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaggedCause {
    /// A quote is missing in the first quoted field with line breaks, which has this first and last line.
    QuotedLines(u64, u64),
    /// Another kind of quote starts a field that has no end.
    OtherQuote(char),
    /// Zero bytes, which are in no text.
    Zeros,
    /// The fields that are too many are empty.
    EmptyAtEnd,
    /// It is a total, a note or the rest of a field, not a row.
    SingleField,
}

fn numbered_columns(columns: &[(String, usize)]) -> String {
    let columns = columns.iter();
    let columns: Vec<String> = columns
        .map(|(name, number)| format!("{number} `{name}`"))
        .collect();
    format!("the columns {}", join_words(&columns, "and"))
}

fn describe_duplicate(name: &str, first: &(String, usize), second: &(String, usize)) -> String {
    if first.0 == second.0 {
        let (one, other) = (first.1, second.1);
        return format!("the column `{name}` appears twice (columns {one} and {other})");
    }
    let ((first, first_number), (second, second_number)) = (first, second);
    format!(
        "the columns {first_number} `{first}` and {second_number} `{second}` would both be called `{name}`"
    )
}

impl Error {
    /// Returns the line the error is about, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Ragged { line, .. }
            | Self::ColumnCount { line, .. }
            | Self::RecordTooLong { line, .. }
            | Self::LineTooLong { line, .. }
            | Self::RowTooLong { line, .. }
            | Self::Quote { line, .. }
            | Self::DuplicateColumn { line, .. }
            | Self::NoHeader { line, .. }
            | Self::NotAnAddress { line, .. }
            | Self::AmbiguousColumns { line, .. }
            | Self::MissingColumns { line, .. }
            | Self::UnnamedColumn { line, .. }
            | Self::NoNames { line, .. }
            | Self::Undecodable { line, .. }
            | Self::QuotedLines { line, .. }
            | Self::FormulaError { line, .. }
            | Self::FormulaNotCalculated { line, .. }
            | Self::CellOutsideColumns { line, .. } => Some(*line),
            Self::Advised { error, .. } => error.line(),
            _ => None,
        }
    }

    /// Returns whether the file does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Open { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Returns the error that refuses the file to the script.
    #[must_use]
    pub fn access_denied(&self) -> Option<&AccessDenied> {
        match self {
            Self::Open { source, .. } | Self::Read { source, .. } | Self::Write { source, .. } => {
                AccessDenied::in_io_error(source)
            }
            _ => None,
        }
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
            | Self::LineTooLong { path, .. }
            | Self::RowTooLong { path, .. }
            | Self::Quote { path, .. }
            | Self::DuplicateColumn { path, .. }
            | Self::NoHeader { path, .. }
            | Self::NotAnAddress { path, .. }
            | Self::AmbiguousColumns { path, .. }
            | Self::MissingColumns { path, .. }
            | Self::UnnamedColumn { path, .. }
            | Self::NoNames { path, .. }
            | Self::Advised { path, .. }
            | Self::Undecodable { path, .. }
            | Self::OtherFormat { path, .. }
            | Self::QuotedLines { path, .. }
            | Self::InvalidWorkbook { path, .. }
            | Self::NoSheet { path, .. }
            | Self::FormulaError { path, .. }
            | Self::FormulaNotCalculated { path, .. }
            | Self::CellOutsideColumns { path, .. }
            | Self::OverwritesInput { path }
            | Self::OverwritesFile { path } => path,
        }
    }

    /// Adds where else in the file the rows may be, if the error is about its columns.
    pub(super) fn with_advice(self, advice: &Advice) -> Self {
        if !self.is_about_columns() || advice.hint().is_none() {
            return self;
        }
        Self::Advised {
            path: self.path().to_owned(),
            error: Box::new(self),
            advice: advice.clone(),
        }
    }

    /// Returns whether the rows may be elsewhere in the file.
    pub(super) fn is_about_columns(&self) -> bool {
        matches!(
            self,
            Self::Empty { .. }
                | Self::NoRows { .. }
                | Self::Ragged { .. }
                | Self::DuplicateColumn { .. }
                | Self::MissingColumns { .. }
                | Self::UnnamedColumn { .. }
                | Self::CellOutsideColumns { .. }
        )
    }

    /// Drops the other encodings, for functions that have no option for it.
    pub(super) fn without_encoding_hint(mut self) -> Self {
        if let Self::Undecodable { readings, .. } = &mut self {
            readings.clear();
        }
        self
    }
}
