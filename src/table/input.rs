//! Reading files and standard input, which a process can read only once.

use std::fs::File;
use std::io::{self, Read, StdinLock};
use std::path::{Path, PathBuf};

use super::Error;
use super::decode::TextReader;
use crate::file_access::ResolvedPath;

/// The name of standard input in messages.
const STDIN_NAME: &str = "standard input";

/// An open file, or standard input.
pub(super) enum Input {
    File(File),
    Stdin(StdinLock<'static>),
}

impl Input {
    /// Opens `file`; `-` is standard input.
    pub(super) fn open(file: &ResolvedPath) -> Result<Self, Error> {
        let path = file.name();
        let Some(stdin) = file.as_stdin() else {
            let file = file.open().map_err(|source| Error::Open {
                path: path.to_owned(),
                source,
            })?;
            return Ok(Self::File(file));
        };
        if !stdin.take() {
            return Err(Error::StdinAlreadyRead {
                path: display_name(path),
            });
        }
        Ok(Self::Stdin(io::stdin().lock()))
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Stdin(stdin) => stdin.read(buffer),
        }
    }
}

/// Returns the name of the file `path` in messages.
#[must_use]
pub fn display_name(path: &Path) -> PathBuf {
    if path == Path::new(ResolvedPath::STDIN) {
        PathBuf::from(STDIN_NAME)
    } else {
        path.to_owned()
    }
}

/// Reads the whole of `file`.
///
/// # Errors
/// The file cannot be read, or is larger than `limit` bytes.
pub fn read_bytes(file: &ResolvedPath, limit: u64) -> Result<Vec<u8>, Error> {
    let input = Input::open(file)?;
    let path = display_name(file.name());
    let mut bytes = Vec::new();
    match input.take(limit + 1).read_to_end(&mut bytes) {
        Err(source) => Err(Error::Read { path, source }),
        Ok(length) if length as u64 > limit => Err(Error::TooLarge { path, limit }),
        Ok(_) => Ok(bytes),
    }
}

/// A line and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Without white space around it.
    pub text: String,
    /// From 1.
    pub number: u64,
}

/// Reads the lines of `file`, trimmed, without blank lines and comments (`#`).
///
/// The file is UTF-8, or UTF-16 with a byte order mark; `-` is standard input.
///
/// # Errors
/// The file cannot be read, or is not text.
pub fn read_lines(file: &ResolvedPath) -> Result<Vec<Line>, Error> {
    let text = TextReader::new(Input::open(file)?, display_name(file.name()), None)
        .and_then(TextReader::read_to_end)
        .map_err(Error::without_encoding_hint)?;
    Ok((1..)
        .zip(text.lines())
        .map(|(number, line)| Line {
            text: line.trim().to_owned(),
            number,
        })
        .filter(|line| !line.text.is_empty() && !line.text.starts_with('#'))
        .collect())
}
