//! The right to work on a run: a file lock, which the system releases when the process dies.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use super::{Error, Ledger, RunId};

/// The right to work on a run, until dropped.
#[derive(Debug)]
pub struct Hold {
    path: PathBuf,
    file: File,
}

/// The process that works on a run: its number, where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder(Option<u32>);

impl Ledger {
    /// Takes the right to work on `run`.
    ///
    /// # Errors
    /// Another process has it, or the lock's file cannot be made.
    pub fn hold(&self, run: RunId) -> Result<Hold, Error> {
        let path = lock_path(self.path(), run);
        let unusable = |source| Error::File {
            path: path.clone(),
            source,
        };
        loop {
            let mut file = open(&path).map_err(unusable)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::Held {
                        run,
                        holder: Holder::read(&mut file),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(unusable(source)),
            }
            // The last holder may have removed the file between its opening and its locking: then the lock is on a file
            // that nobody else finds, and counts for nothing.
            write_process(&mut file).map_err(unusable)?;
            if is_found(&path, &mut file) {
                return Ok(Hold { path, file });
            }
        }
    }

    /// Returns who works on `run`, if anybody does.
    #[must_use]
    pub fn holder(&self, run: RunId) -> Option<Holder> {
        // A file that is not locked was left by a process that was killed.
        let mut file = File::open(lock_path(self.path(), run)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(Holder::read(&mut file)),
            _ => None,
        }
    }
}

impl Holder {
    fn read(file: &mut File) -> Self {
        let mut text = String::new();
        let read = file.read_to_string(&mut text);
        Self(read.ok().and_then(|_| text.trim().parse().ok()))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(process) => write!(f, "process {process}"),
            None => f.write_str("another process"),
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // Removed while it is locked, so that nobody can lock it in between; where that is not allowed, an empty file stays.
        if fs::remove_file(&self.path).is_err() {
            let _ = self.file.set_len(0);
        }
    }
}

fn lock_path(ledger: &Path, run: RunId) -> PathBuf {
    // One lock, by whichever link the ledger is reached.
    let ledger = fs::canonicalize(ledger).unwrap_or_else(|_| ledger.to_owned());
    let mut name = OsString::from(ledger);
    name.push(format!("-run{run}.lock"));
    PathBuf::from(name)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write_process(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", process::id())
}

#[cfg(unix)]
fn is_found(path: &Path, file: &mut File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(found), Ok(held)) = (fs::metadata(path), file.metadata()) else {
        return false;
    };
    (found.dev(), found.ino()) == (held.dev(), held.ino())
}

/// A file that is open cannot be removed there.
#[cfg(not(unix))]
fn is_found(_: &Path, _: &mut File) -> bool {
    true
}
