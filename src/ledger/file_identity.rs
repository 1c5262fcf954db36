//! Whether the ledger's file is still the one that was opened at its path.
//!
//! A process that has the file open keeps writing to it after it was moved or deleted. So results would be recorded where the
//! user does not look for them, or in a file that disappears when the process ends.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Error, Ledger};
use crate::private_file;

/// How many names are tried for a copy of a file that lost its path.
const MAX_COPIES: u32 = 100;

/// What happened to the file of an open ledger, and where the results are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Displacement {
    /// The file is at this path now, with everything that was recorded.
    Moved(PathBuf),
    /// The file has no path, or none that is known. Everything that was recorded is in this copy.
    Copied(PathBuf),
    /// The file was deleted, and no copy could be made.
    Lost,
    /// The file was away for a while, and is at its path again.
    Returned,
}

impl Ledger {
    /// Returns whether another file, or none, is at the path of the ledger.
    pub(super) fn is_displaced(&self) -> bool {
        self.identity.is_displaced(self.path())
    }

    /// Returns an error if the ledger was moved, deleted or replaced since it was opened.
    pub(super) fn ensure_in_place(&self) -> Result<(), Error> {
        if self.is_displaced() {
            return Err(self.displaced());
        }
        Ok(())
    }

    /// Secures what was recorded in a file that is not at its path, and returns the error that says where it is.
    pub fn displaced(&self) -> Error {
        Error::Displaced {
            path: self.path().to_owned(),
            displacement: self.secure(),
        }
    }

    /// Returns an error if the ledger is not at its path, or was not while a run was sent.
    pub fn check_after_sending(&self, was_displaced: bool) -> Result<(), Error> {
        if was_displaced || self.is_displaced() {
            return Err(self.displaced());
        }
        Ok(())
    }

    fn secure(&self) -> Displacement {
        if !self.is_displaced() {
            return Displacement::Returned;
        }
        let moved_to = self.identity.current_path();
        // The log keeps its name when the file is moved, so it must not hold anything that the file does not.
        let is_complete = self.empty_log();
        if let (Some(path), true) = (moved_to, is_complete) {
            return Displacement::Moved(path);
        }
        self.copy().map_or(Displacement::Lost, Displacement::Copied)
    }

    /// Copies the log into the file and empties it. Returns `false` if another connection prevents that.
    fn empty_log(&self) -> bool {
        let checkpoint =
            self.connection()
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                    row.get::<_, i64>(0)
                });
        matches!(checkpoint, Ok(0))
    }

    /// Writes a copy next to the path of the ledger.
    fn copy(&self) -> Option<PathBuf> {
        let copy = (1..=MAX_COPIES)
            .map(|number| copy_path(self.path(), number))
            .find(|path| !path.exists())?;
        // The file must be empty for SQLite, and private.
        private_file::open(&copy).ok()?;
        let name = copy.to_str()?;
        let copied = self.connection().execute("VACUUM INTO ?1", [name]);
        if copied.is_err() {
            let _ = fs::remove_file(&copy);
            return None;
        }
        Some(copy)
    }
}

fn copy_path(ledger: &Path, number: u32) -> PathBuf {
    let mut name = OsString::from(ledger);
    name.push(match number {
        1 => ".recovered".to_owned(),
        _ => format!(".recovered{number}"),
    });
    PathBuf::from(name)
}

/// Identifies a file independently of its path.
#[cfg(unix)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileIdentity {
    device: u64,
    inode: u64,
}

#[cfg(unix)]
impl FileIdentity {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let found = fs::metadata(path)?;
        Ok(Self {
            device: found.dev(),
            inode: found.ino(),
        })
    }

    /// Returns whether another file, or none, is at `path`. An error that says nothing about the file is ignored.
    pub(super) fn is_displaced(self, path: &Path) -> bool {
        match Self::of(path) {
            Ok(found) => found != self,
            Err(error) => matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ),
        }
    }

    /// Returns the path where the open file is now; `None` if it was deleted, or the system does not tell.
    fn current_path(self) -> Option<PathBuf> {
        let descriptors = fs::read_dir("/proc/self/fd").ok()?;
        descriptors
            .filter_map(|descriptor| Some(descriptor.ok()?.path()))
            .filter(|descriptor| Self::of(descriptor).is_ok_and(|found| found == self))
            .filter_map(|descriptor| fs::read_link(descriptor).ok())
            .find(|path| Self::of(path).is_ok_and(|found| found == self))
    }
}

/// Elsewhere an open file can be neither moved nor deleted.
#[cfg(not(unix))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileIdentity;

#[cfg(not(unix))]
impl FileIdentity {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self)
    }

    pub(super) fn is_displaced(self, _: &Path) -> bool {
        false
    }

    fn current_path(self) -> Option<PathBuf> {
        None
    }
}
