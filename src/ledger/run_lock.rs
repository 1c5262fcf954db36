//! The lock of a run.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use super::run::{LockOwner, RunId};
use super::{Error, Ledger};
use crate::file_lock::{FileLock, LockMode, is_locked, read_text};

/// Keeps other processes from working on a run until it is dropped.
#[derive(Debug)]
pub struct RunLock(FileLock);

impl Ledger {
    /// # Errors
    /// [`Error::RunLocked`] if another process holds the lock.
    pub fn lock_run(&self, run: RunId) -> Result<RunLock, Error> {
        let path = lock_path(&self.path, run);
        let unusable = Error::unusable(&path);
        match FileLock::try_acquire(&path, LockMode::Exclusive).map_err(&unusable)? {
            Some(mut lock) => {
                lock.write(&process::id().to_string()).map_err(unusable)?;
                Ok(RunLock(lock))
            }
            None => Err(Error::RunLocked {
                run,
                lock_owner: read_owner(&path),
            }),
        }
    }

    /// Returns the process that works on `run`, if there is one.
    pub fn lock_owner(&self, run: RunId) -> Option<LockOwner> {
        let path = lock_path(&self.path, run);
        is_locked(&path).then(|| read_owner(&path))
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        self.0.remove();
    }
}

fn lock_path(ledger: &Path, run: RunId) -> PathBuf {
    // Every link to the ledger leads to the same lock.
    let ledger = fs::canonicalize(ledger).unwrap_or_else(|_| ledger.to_owned());
    let mut name = OsString::from(ledger);
    name.push(format!("-run{run}.lock"));
    PathBuf::from(name)
}

fn read_owner(path: &Path) -> LockOwner {
    LockOwner(read_text(path).and_then(|text| text.trim().parse().ok()))
}
