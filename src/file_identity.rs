//! Identifies a file independently of its path: by every hard link and through every mount, it is the same file.

use std::fs::File;
use std::io;
use std::path::Path;

/// The device and the inode of a file.
#[cfg(unix)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileIdentity(u64, u64);

#[cfg(unix)]
impl FileIdentity {
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        file.metadata().map(|found| Self::from(&found))
    }

    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        path.metadata().map(|found| Self::from(&found))
    }
}

#[cfg(unix)]
impl From<&std::fs::Metadata> for FileIdentity {
    fn from(found: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self(found.dev(), found.ino())
    }
}

/// An open handle: the system may give the number of a closed file to another one.
#[cfg(not(unix))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileIdentity(std::sync::Arc<same_file::Handle>);

#[cfg(not(unix))]
impl FileIdentity {
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let handle = same_file::Handle::from_file(file.try_clone()?)?;
        Ok(Self(handle.into()))
    }

    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self(same_file::Handle::from_path(path)?.into()))
    }
}
