//! Checks whether the file at a path is still the one that was opened there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::file_identity::FileIdentity;

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

/// A file that is open, whatever its path.
#[cfg(unix)]
#[derive(Clone, Debug)]
pub(super) struct OpenFile(FileIdentity);

#[cfg(unix)]
impl OpenFile {
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        FileIdentity::at(path).map(Self)
    }

    /// Returns whether another file, or none, is at `path`. An error that says nothing about the file is ignored.
    pub(super) fn is_displaced(&self, path: &Path) -> bool {
        match FileIdentity::at(path) {
            Ok(found) => found != self.0,
            Err(error) => matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ),
        }
    }

    /// Returns the path where the open file is now; `None` if it was deleted, or if the system cannot say.
    pub(super) fn current_path(&self) -> Option<PathBuf> {
        let is_this = |path: &Path| FileIdentity::at(path).is_ok_and(|found| found == self.0);
        let descriptors = fs::read_dir("/proc/self/fd").ok()?;
        descriptors
            .filter_map(|descriptor| Some(descriptor.ok()?.path()))
            .filter(|descriptor| is_this(descriptor))
            .filter_map(|descriptor| fs::read_link(descriptor).ok())
            .find(|path| is_this(path))
    }
}

/// Elsewhere an open file can be neither moved nor deleted.
#[cfg(not(unix))]
#[derive(Clone, Debug)]
pub(super) struct OpenFile;

#[cfg(not(unix))]
impl OpenFile {
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self)
    }

    pub(super) fn is_displaced(&self, _: &Path) -> bool {
        false
    }

    pub(super) fn current_path(&self) -> Option<PathBuf> {
        None
    }
}
