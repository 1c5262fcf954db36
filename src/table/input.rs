//! Where bytes come from: a file, or standard input, which can be read once in the life of a process.

use std::fs::File;
use std::io::{self, Read, StdinLock};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Error;
use crate::file_access::ResolvedPath;

/// The path that stands for standard input.
const STDIN: &str = "-";

/// What messages call standard input.
const STDIN_NAME: &str = "standard input";

static STDIN_CONSUMED: AtomicBool = AtomicBool::new(false);

/// Tells whether standard input was read as a file, so that nobody can answer a question there.
#[must_use]
pub fn is_stdin_consumed() -> bool {
    STDIN_CONSUMED.load(Ordering::Relaxed)
}

/// Takes standard input for something else than a file: `-` is refused from now on.
pub fn reserve_stdin() {
    STDIN_CONSUMED.store(true, Ordering::Relaxed);
}

/// An open file, or standard input.
pub(super) enum Input {
    File(File),
    Stdin(StdinLock<'static>),
}

impl Input {
    /// Opens `file`; `-` is standard input.
    pub(super) fn open(file: &ResolvedPath) -> Result<Self, Error> {
        let path = file.name();
        if path != Path::new(STDIN) {
            let file = file.open().map_err(|source| Error::Open {
                path: path.to_owned(),
                source,
            })?;
            return Ok(Self::File(file));
        }
        if STDIN_CONSUMED.swap(true, Ordering::Relaxed) {
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
    if path == Path::new(STDIN) {
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
