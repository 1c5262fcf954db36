//! The lock of a run: a file lock, which the system releases when the process dies.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use super::run::{LockOwner, RunId};
use super::{Error, Ledger};
use crate::private_file;

/// Keeps other processes from working on a run until it is dropped.
#[derive(Debug)]
pub struct RunLock {
    path: PathBuf,
    file: File,
}

impl Ledger {
    /// # Errors
    /// [`Error::RunLocked`] if another process holds the lock.
    pub fn lock_run(&self, run: RunId) -> Result<RunLock, Error> {
        let path = lock_path(self.path(), run);
        let unusable = |source| Error::File {
            path: path.clone(),
            source,
        };
        loop {
            let mut file = private_file::open(&path).map_err(unusable)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::RunLocked {
                        run,
                        lock_owner: read_owner(&mut file),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(unusable(source)),
            }
            // The last owner may have removed the file after it was opened here and before it was locked. Then the lock is
            // on a file that no other process finds, and worth nothing.
            write_pid(&mut file).map_err(unusable)?;
            if is_same_file(&path, &mut file) {
                return Ok(RunLock { path, file });
            }
        }
    }

    /// Returns the process that works on `run`, if there is one.
    pub fn lock_owner(&self, run: RunId) -> Option<LockOwner> {
        // A killed process leaves its file behind, but not the lock.
        let mut file = File::open(lock_path(self.path(), run)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(read_owner(&mut file)),
            _ => None,
        }
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // Removed while locked, so that no other process can lock it in between. If the system forbids that, an empty file
        // remains.
        if fs::remove_file(&self.path).is_err() {
            let _ = self.file.set_len(0);
        }
    }
}

fn lock_path(ledger: &Path, run: RunId) -> PathBuf {
    // Every link to the ledger leads to the same lock.
    let ledger = fs::canonicalize(ledger).unwrap_or_else(|_| ledger.to_owned());
    let mut name = OsString::from(ledger);
    name.push(format!("-run{run}.lock"));
    PathBuf::from(name)
}

fn read_owner(file: &mut File) -> LockOwner {
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    LockOwner(read.ok().and_then(|_| text.trim().parse().ok()))
}

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", process::id())
}

#[cfg(unix)]
fn is_same_file(path: &Path, file: &mut File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(found), Ok(locked)) = (fs::metadata(path), file.metadata()) else {
        return false;
    };
    (found.dev(), found.ino()) == (locked.dev(), locked.ino())
}

/// Elsewhere an open file cannot be removed.
#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &mut File) -> bool {
    true
}
