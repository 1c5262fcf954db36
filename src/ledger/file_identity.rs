//! Tells whether the file at a path is still the one that was opened there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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

    /// Returns the path where the open file is now; `None` if it was deleted, or if the system cannot say.
    pub(super) fn current_path(self) -> Option<PathBuf> {
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

    pub(super) fn current_path(self) -> Option<PathBuf> {
        None
    }
}
