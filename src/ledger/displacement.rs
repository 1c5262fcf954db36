//! A ledger whose file is not at its path any more: notices that, and secures what was recorded.
//!
//! A process that has the file open keeps writing to it after it was moved or deleted. So results would be recorded where the
//! user does not look for them, or in a file that disappears when the process ends.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::open_file::Displacement;
use super::{Error, Ledger};
use crate::private_file;

/// How many names are tried for a copy of a file that lost its path.
const MAX_COPIES: u32 = 100;

impl Ledger {
    /// Returns whether another file, or none, is at the path of the ledger.
    fn is_displaced(&self) -> bool {
        self.open_file.is_displaced(&self.path)
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
            path: self.path.clone(),
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
        let moved_to = self.open_file.current_path();
        // The log keeps its name when the file is moved, so it must not hold anything that the file does not.
        let is_complete = self.empty_log();
        if let (Some(path), true) = (moved_to, is_complete) {
            return Displacement::Moved(path);
        }
        self.copy().map_or(Displacement::Lost, Displacement::Copied)
    }

    /// Copies the log into the file and empties it. Returns `false` if another connection prevents that.
    fn empty_log(&self) -> bool {
        let checkpoint = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
        matches!(checkpoint, Ok(0))
    }

    /// Writes a copy next to the path of the ledger.
    fn copy(&self) -> Option<PathBuf> {
        let copy = (1..=MAX_COPIES)
            .map(|number| copy_path(&self.path, number))
            .find(|path| !path.exists())?;
        // The file must be empty for SQLite, and private.
        private_file::open(&copy).ok()?;
        let name = copy.to_str()?;
        let copied = self.connection.execute("VACUUM INTO ?1", [name]);
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
