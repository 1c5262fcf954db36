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
pub struct RunLock {
    path: PathBuf,
    file: File,
}

/// The process that works on a run: its number, where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockOwner(Option<u32>);

impl Ledger {
    /// Takes the right to work on `run`.
    ///
    /// # Errors
    /// Another process has it, or the lock's file cannot be made.
    pub fn lock_run(&self, run: RunId) -> Result<RunLock, Error> {
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
                    return Err(Error::RunLocked {
                        run,
                        lock_owner: LockOwner::read(&mut file),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(unusable(source)),
            }
            // The last holder may have removed the file between its opening and its locking: then the lock is on a file
            // that nobody else finds, and counts for nothing.
            write_pid(&mut file).map_err(unusable)?;
            if is_same_file(&path, &mut file) {
                return Ok(RunLock { path, file });
            }
        }
    }

    /// Returns who works on `run`, if anybody does.
    #[must_use]
    pub fn lock_owner(&self, run: RunId) -> Option<LockOwner> {
        // A file that is not locked was left by a process that was killed.
        let mut file = File::open(lock_path(self.path(), run)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(LockOwner::read(&mut file)),
            _ => None,
        }
    }
}

impl LockOwner {
    fn read(file: &mut File) -> Self {
        let mut text = String::new();
        let read = file.read_to_string(&mut text);
        Self(read.ok().and_then(|_| text.trim().parse().ok()))
    }
}

impl fmt::Display for LockOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(process) => write!(f, "process {process}"),
            None => f.write_str("another process"),
        }
    }
}

impl Drop for RunLock {
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

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", process::id())
}

#[cfg(unix)]
fn is_same_file(path: &Path, file: &mut File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(found), Ok(held)) = (fs::metadata(path), file.metadata()) else {
        return false;
    };
    (found.dev(), found.ino()) == (held.dev(), held.ino())
}

/// A file that is open cannot be removed there.
#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &mut File) -> bool {
    true
}
