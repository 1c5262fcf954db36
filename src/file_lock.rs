//! Advisory locks on files, which the system releases when a process dies.
//!
//! A lock belongs to an open file: two locks of one process exclude each other like those of two processes. The text in the
//! file can name the holder; a killed process leaves it behind, but not the lock.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::file_identity::FileIdentity;
use crate::private_file;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockMode {
    Exclusive,
    Shared,
}

/// A lock on a file, released when dropped.
#[derive(Debug)]
pub(crate) struct FileLock {
    path: PathBuf,
    file: File,
}

impl FileLock {
    /// Locks the file `path` exclusively, and creates it if it is missing. Waits for other holders, so it is for locks that are
    /// held for moments only.
    pub(crate) fn acquire(path: &Path) -> io::Result<Self> {
        let file = private_file::open(path)?;
        file.lock()?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    /// Locks the file `path`, and creates it if it is missing. `None` if another holder prevents that.
    pub(crate) fn try_acquire(path: &Path, mode: LockMode) -> io::Result<Option<Self>> {
        loop {
            let file = private_file::open(path)?;
            let attempt = match mode {
                LockMode::Exclusive => file.try_lock(),
                LockMode::Shared => file.try_lock_shared(),
            };
            match attempt {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(source)) => return Err(source),
            }
            // The last holder may have removed the file after it was opened here and before it was locked. Then the lock is on
            // a file that no other process finds, and worth nothing.
            if is_same_file(path, &file) {
                let path = path.to_owned();
                return Ok(Some(Self { path, file }));
            }
        }
    }

    pub(crate) fn read(&mut self) -> io::Result<String> {
        let mut bytes = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Replaces the text. If the disk is full, the former text may remain.
    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        // The file is cut afterwards: overwriting needs no space.
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
    }

    /// Removes the file. No other process can lock it in between. If the system forbids that, an empty file remains.
    pub(crate) fn remove(&self) {
        if fs::remove_file(&self.path).is_err() {
            let _ = self.file.set_len(0);
        }
    }
}

/// Returns whether an exclusive lock on the file `path` is held.
pub(crate) fn is_locked(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Returns the text of a lock file that another process holds. `None` on systems that keep a locked file from being read.
pub(crate) fn read_text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

#[cfg(unix)]
fn is_same_file(path: &Path, file: &File) -> bool {
    let (Ok(found), Ok(locked)) = (FileIdentity::at(path), FileIdentity::of(file)) else {
        return false;
    };
    found == locked
}

/// Elsewhere an open file cannot be removed.
#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &File) -> bool {
    true
}
