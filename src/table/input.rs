//! Reading files and standard input, which a process can read only once.

use std::fs::File;
use std::io::{self, Read, StdinLock};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::decode::TextReader;
use super::{Error, ErrorKind};
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
            let file = file
                .open()
                .map_err(|source| Error::new(path, ErrorKind::Open(source)))?;
            return Ok(Self::File(file));
        };
        if !stdin.take() {
            return Err(Error::new(display_name(path), ErrorKind::StdinAlreadyRead));
        }
        Ok(Self::Stdin(io::stdin().lock()))
    }

    /// Returns the length of a file, or 0 if it is not known.
    fn length(&self) -> u64 {
        match self {
            Self::File(file) => file.metadata().map_or(0, |file| file.len()),
            Self::Stdin(_) => 0,
        }
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
pub fn display_name(path: &Path) -> PathBuf {
    if path == Path::new(ResolvedPath::STDIN) {
        PathBuf::from(STDIN_NAME)
    } else {
        path.to_owned()
    }
}

/// Reads the whole of `file`, which may have at most `limit` bytes.
pub fn read_bytes(file: &ResolvedPath, limit: u64) -> Result<Vec<u8>, Error> {
    let input = Input::open(file)?;
    let path = display_name(file.name());
    let length = input.length();
    if length > limit {
        return Err(Error::new(path, ErrorKind::TooLarge { limit }));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    match input.take(limit + 1).read_to_end(&mut bytes) {
        Err(source) => Err(Error::new(path, ErrorKind::Read(source))),
        Ok(length) if length as u64 > limit => Err(Error::new(path, ErrorKind::TooLarge { limit })),
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

/// Calls `each` with the lines of `file`, trimmed, until it breaks. Blank lines and comments (`#`) are left out.
///
/// The file is UTF-8, or UTF-16 with a byte order mark; `-` is standard input.
pub fn read_lines(
    file: &ResolvedPath,
    mut each: impl FnMut(Line) -> ControlFlow<()>,
) -> Result<(), Error> {
    let path = display_name(file.name());
    let mut lines =
        TextReader::new(Input::open(file)?, path, None).map_err(Error::without_encoding_hint)?;
    for number in 1.. {
        let line = lines.read_line(number);
        let Some(text) = line.map_err(Error::without_encoding_hint)? else {
            break;
        };
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let text = text.to_owned();
        if each(Line { text, number }).is_break() {
            break;
        }
    }
    Ok(())
}
