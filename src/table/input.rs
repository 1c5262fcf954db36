//! Where bytes come from: a file, or standard input, which can be read once in the life of a process.

use std::fs::File;
use std::io::{self, Read, StdinLock};
use std::path::{Path, PathBuf};

use super::Error;
use crate::file_access::ResolvedPath;

/// What messages call standard input.
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

/// Returns the name messages know the file at `path` by.
#[must_use]
pub fn display_name(path: &Path) -> PathBuf {
    if path == Path::new(ResolvedPath::STDIN) {
        PathBuf::from(STDIN_NAME)
    } else {
        path.to_owned()
    }
}

/// Reads `file` whole, if it is not longer than `limit` bytes.
///
/// # Errors
/// It cannot be read, or is longer.
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
