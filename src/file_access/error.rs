//! Why a file is out of reach.

use std::io;
use std::path::{Path, PathBuf};

/// A directory that was to be allowed and cannot be.
#[derive(Debug, thiserror::Error)]
#[error("cannot allow files below `{}`: {source}", path.display())]
pub struct Error {
    /// The directory as it was named.
    pub path: PathBuf,
    /// Why not.
    pub source: io::Error,
}

/// A file that may not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessDenied {
    /// It lies elsewhere.
    #[error("`{}` is outside the working directory", path.display())]
    Outside {
        /// The path as it was named.
        path: PathBuf,
        /// The directory that would have to be allowed.
        directory: PathBuf,
    },
    /// A link leads elsewhere.
    #[error("`{}` leads outside the working directory, through a link", path.display())]
    Linked {
        /// The path as it was named.
        path: PathBuf,
        /// The directory that would have to be allowed.
        directory: PathBuf,
    },
    /// A test writes into a directory of its own.
    #[error("cannot write `{}` in a test", path.display())]
    OutsideTest {
        /// The path as it was named.
        path: PathBuf,
    },
    /// Nothing may be written.
    #[error("`{}` may not be written: `--deny-write` forbids it", path.display())]
    ReadOnly {
        /// The path as it was named.
        path: PathBuf,
    },
}

impl AccessDenied {
    /// Returns the path as it was named.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Outside { path, .. }
            | Self::Linked { path, .. }
            | Self::OutsideTest { path }
            | Self::ReadOnly { path } => path,
        }
    }

    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Outside { directory, .. } | Self::Linked { directory, .. } => format!(
                "`--allow-path {}` lets the script reach what lies there; put it before the script",
                directory.display()
            ),
            Self::OutsideTest { .. } => {
                "a test writes below a directory of its own: use a path without `..`".to_owned()
            }
            Self::ReadOnly { .. } => {
                "leave out `--deny-write` if you trust the script with its files".to_owned()
            }
        }
    }
}
