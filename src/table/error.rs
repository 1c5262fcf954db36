//! What can be wrong with a file of rows. Every message names the file and, where there is one, the line.

use std::io;
use std::path::PathBuf;

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
    /// The file holds nothing at all.
    #[error("`{}` is empty", path.display())]
    Empty {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The file ends after its header.
    #[error("`{}` has a header but no rows", path.display())]
    NoRows {
        /// The file as it was named.
        path: PathBuf,
    },
    /// A record has more or fewer fields than the header.
    #[error(
        "`{}` line {line}: {found} {} where the header has {expected}",
        path.display(),
        if *found == 1 { "field" } else { "fields" }
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
    },
    /// A record grew past what a row of people can be.
    #[error("`{}` line {line}: a record longer than {limit} bytes", path.display())]
    TooLong {
        /// The file as it was named.
        path: PathBuf,
        /// Line the record starts at, from 1.
        line: u64,
        /// The bound, in bytes.
        limit: usize,
    },
    /// A quote is opened and not closed before the end of the file.
    #[error("`{}` line {line}: a quote is opened and never closed", path.display())]
    OpenQuote {
        /// The file as it was named.
        path: PathBuf,
        /// Line the record starts at, from 1.
        line: u64,
    },
    /// Two columns have one name.
    #[error("`{}` line {line}: the column `{name}` is there twice (columns {first} and {second})", path.display())]
    DuplicateColumn {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the header.
        line: u64,
        /// The name, trimmed.
        name: String,
        /// Number of the first such column, from 1.
        first: usize,
        /// Number of the second such column, from 1.
        second: usize,
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
    /// Bytes that are not UTF-8.
    #[error("`{}` line {line}, byte {column}: not UTF-8 text (byte 0x{byte:02x})", path.display())]
    NotUtf8 {
        /// The file as it was named.
        path: PathBuf,
        /// Line of the record.
        line: u64,
        /// Where in that line's record the first bad byte stands, from 1.
        column: usize,
        /// The byte.
        byte: u8,
    },
}

impl Error {
    /// Returns the line the error is about, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Ragged { line, .. }
            | Self::TooLong { line, .. }
            | Self::OpenQuote { line, .. }
            | Self::DuplicateColumn { line, .. }
            | Self::UnnamedColumn { line, .. }
            | Self::NotUtf8 { line, .. } => Some(*line),
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
            | Self::Empty { path }
            | Self::NoRows { path }
            | Self::Ragged { path, .. }
            | Self::TooLong { path, .. }
            | Self::OpenQuote { path, .. }
            | Self::DuplicateColumn { path, .. }
            | Self::UnnamedColumn { path, .. }
            | Self::NotUtf8 { path, .. } => path,
        }
    }

    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Open { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "paths are relative to the directory the command runs in"
            }
            Self::Empty { .. } => "the first line must name the columns, such as `name,email`",
            Self::NoRows { .. } => {
                "if an empty list is fine here, pass `#{ allow_empty: true }` as the last argument"
            }
            Self::Ragged {
                spans_lines: true, ..
            }
            | Self::TooLong { .. }
            | Self::OpenQuote { .. } => {
                "a quote (`\"`) that is opened and not closed swallows the lines after it"
            }
            Self::Ragged {
                found, expected, ..
            } if found > expected => "a field that holds a comma must stand in quotes",
            Self::Ragged { .. } => {
                "an empty field still needs its comma, as in `,jane@example.com`"
            }
            Self::DuplicateColumn { .. } => "rename one of them in the first line of the file",
            Self::UnnamedColumn { .. } => {
                "give it a name in the first line of the file, or delete the column"
            }
            Self::NotUtf8 { .. } => {
                "save the file as UTF-8 (in Excel: \"CSV UTF-8 (comma delimited)\")"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
