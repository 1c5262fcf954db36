//! Errors in files of rows. Every message names the file and, if there is one, the line.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use super::advice::Advice;
use super::format::Format;
use super::quote_problem::QuoteProblem;
use super::readings::{Reading, TextBefore};
use crate::file_access::AccessDenied;
use crate::text::{count, join_names, join_words};

/// Why a file could not be read or written.
#[derive(Debug)]
pub struct Error {
    /// The file as the user named it.
    path: PathBuf,
    /// From 1; the line of a cell is its row.
    line: Option<u64>,
    /// In boxes, because results with large errors are slow to pass on.
    kind: Box<ErrorKind>,
    /// Where else in the file the rows may be.
    advice: Option<Box<Advice>>,
}

/// What is wrong with a file. The messages of these kinds follow the file, and its line or cell, in the message of [`Error`].
#[derive(Debug, thiserror::Error)]
pub enum ErrorKind {
    #[error("{0}")]
    Open(#[source] io::Error),
    #[error("{0}")]
    Read(#[source] io::Error),
    /// An older file of that name is untouched.
    #[error("{0}")]
    Write(#[source] io::Error),
    #[error("is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("was already read")]
    StdinAlreadyRead,
    #[error("is empty")]
    Empty {
        /// Whether the first line should name the columns.
        header: bool,
    },
    #[error("has a header but no rows")]
    NoRows,
    #[error(
        "{} where {} {expected}",
        count(*found, "field"),
        match column_source {
            ColumnSource::Header => "the header has",
            ColumnSource::FirstRecord => "the first row has",
            ColumnSource::Caller => "`columns` names",
        }
    )]
    Ragged {
        expected: usize,
        found: usize,
        likely_cause: Option<RaggedCause>,
        delimiter: char,
        column_source: ColumnSource,
    },
    /// A file without a header has more or fewer columns than `columns` names.
    #[error("{found} fields, but `columns` names {named}")]
    ColumnCount { named: usize, found: usize },
    #[error("a record longer than {limit} bytes")]
    RecordTooLong { limit: usize },
    #[error("a line longer than {limit} bytes")]
    LineTooLong { limit: usize },
    /// The cells of a row of a workbook are longer, each or together.
    #[error("a row with more than {limit} bytes of text")]
    RowTooLong { limit: usize },
    #[error("{0}")]
    Quote(QuoteProblem),
    #[error("{}", describe_duplicate(name, first, second))]
    DuplicateColumn {
        /// The name that scripts would use for both.
        name: String,
        /// The first column as it is spelled in the file, and its number.
        first: (String, usize),
        /// The second column, likewise.
        second: (String, usize),
    },
    #[error("{} could each be `{name}`", numbered_columns(found))]
    AmbiguousColumns {
        name: String,
        /// The columns as they are spelled in the file, and their numbers.
        found: Vec<(String, usize)>,
    },
    #[error(
        "there is no column {}; the file has {}",
        join_names(missing, "or"),
        join_names(present, "and")
    )]
    MissingColumns {
        missing: Vec<String>,
        present: Vec<String>,
    },
    /// The first line is a row, and names no columns.
    #[error("`{address}` is an address, not the name of a column")]
    NoHeader { address: String },
    /// The first line of a file without a header is an address, but another line is not.
    #[error("`{text}` is not an address, as the first line is")]
    NotAnAddress { text: String },
    /// Columns without a name are left out if they are empty.
    #[error("column {column} has no name, and a value in line {value_line}")]
    UnnamedColumn { column: usize, value_line: u64 },
    /// All fields of the header are empty.
    #[error("no column has a name")]
    NoNames,
    #[error("not {encoding} text (byte 0x{byte:02x})")]
    Undecodable {
        /// Counted in characters.
        column: usize,
        byte: u8,
        encoding: Cow<'static, str>,
        /// The line in other encodings, the likely one first.
        readings: Vec<Reading>,
        before: TextBefore,
    },
    #[error("is {0}, not a text file")]
    OtherFormat(Format),
    /// Each line is in quotes as a whole, so it has only one field.
    #[error("the line is in quotes as a whole")]
    QuotedLines,
    #[error("{reason}")]
    InvalidWorkbook {
        reason: String,
        user_hint: &'static str,
    },
    #[error("has no sheet {wanted}; it has {}", join_names(sheets, "and"))]
    NoSheet {
        /// The sheet that was requested: a name in backticks, or a number.
        wanted: String,
        sheets: Vec<String>,
    },
    #[error("the formula's result is {shown}")]
    FormulaError { cell: String, shown: String },
    /// Files that a program generated have formulas without results until a spreadsheet saves them.
    #[error("a formula without a result")]
    FormulaNotCalculated { cell: String },
    /// A cell has a value where no column has a name.
    #[error("a value outside the {} of the header", count(*columns, "column"))]
    CellOutsideColumns { cell: String, columns: usize },
    /// This run has read the file.
    #[error("was read by this run and is not overwritten")]
    OverwritesInput,
    /// Results are not written over a file that may hold those of another run.
    #[error("already exists, and is not overwritten")]
    OverwritesFile,
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
    /// Returns the error of a file as a whole.
    pub fn new(path: impl Into<PathBuf>, kind: ErrorKind) -> Self {
        Self {
            path: path.into(),
            line: None,
            kind: Box::new(kind),
            advice: None,
        }
    }

    /// Returns the error of a line of a file.
    pub fn at(path: impl Into<PathBuf>, line: u64, kind: ErrorKind) -> Self {
        Self {
            line: Some(line),
            ..Self::new(path, kind)
        }
    }

    /// Returns what is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Returns where else in the file the rows may be.
    #[must_use]
    pub fn advice(&self) -> Option<&Advice> {
        self.advice.as_deref()
    }

    /// Returns the line the error is about, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// Returns the file the error is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether the file does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(&*self.kind, ErrorKind::Open(source) if source.kind() == io::ErrorKind::NotFound)
    }

    /// Returns the error of the system.
    #[must_use]
    pub fn io_error(&self) -> Option<&io::Error> {
        match &*self.kind {
            ErrorKind::Open(source) | ErrorKind::Read(source) | ErrorKind::Write(source) => {
                Some(source)
            }
            _ => None,
        }
    }

    /// Returns the error that refuses the file to the script.
    #[must_use]
    pub fn access_denied(&self) -> Option<&AccessDenied> {
        AccessDenied::in_io_error(self.io_error()?)
    }

    /// Adds where else in the file the rows may be, if the error is about its columns.
    pub(super) fn with_advice(self, advice: &Advice) -> Self {
        if self.advice.is_some() || !self.is_about_columns() || advice.hint().is_none() {
            return self;
        }
        Self {
            advice: Some(Box::new(advice.clone())),
            ..self
        }
    }

    /// Returns whether the rows may be elsewhere in the file.
    pub(super) fn is_about_columns(&self) -> bool {
        matches!(
            *self.kind,
            ErrorKind::Empty { .. }
                | ErrorKind::NoRows
                | ErrorKind::Ragged { .. }
                | ErrorKind::DuplicateColumn { .. }
                | ErrorKind::MissingColumns { .. }
                | ErrorKind::UnnamedColumn { .. }
                | ErrorKind::CellOutsideColumns { .. }
        )
    }

    /// Drops the other encodings, for functions that have no option for it.
    pub(super) fn without_encoding_hint(mut self) -> Self {
        if let ErrorKind::Undecodable { readings, .. } = &mut *self.kind {
            readings.clear();
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, kind) = (self.path.display(), &*self.kind);
        match (kind, self.line) {
            (ErrorKind::Open(_), _) => write!(f, "cannot open `{path}`: {kind}"),
            (ErrorKind::Read(_), _) => write!(f, "cannot read `{path}`: {kind}"),
            (ErrorKind::Write(_), _) => write!(f, "cannot write `{path}`: {kind}"),
            (ErrorKind::InvalidWorkbook { .. }, _) => {
                write!(f, "cannot read `{path}` as a workbook: {kind}")
            }
            (
                ErrorKind::FormulaError { cell, .. }
                | ErrorKind::FormulaNotCalculated { cell }
                | ErrorKind::CellOutsideColumns { cell, .. },
                _,
            ) => write!(f, "`{path}` cell {cell}: {kind}"),
            (ErrorKind::Undecodable { column, .. }, Some(line)) => {
                write!(f, "`{path}` line {line}, column {column}: {kind}")
            }
            (_, Some(line)) => write!(f, "`{path}` line {line}: {kind}"),
            (_, None) => write!(f, "`{path}` {kind}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}
