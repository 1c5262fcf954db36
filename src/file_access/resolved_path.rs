//! A path that was resolved, and opening it.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::{AtomicFile, Stdin};

/// The path of a file that may be used, and the directory it is opened from.
#[derive(Clone, Debug)]
pub struct ResolvedPath {
    name: PathBuf,
    relative: Option<RelativePath>,
    /// Set if this is standard input.
    stdin: Option<Stdin>,
}

/// A path below a directory that must not be left.
#[derive(Clone, Debug)]
struct RelativePath {
    directory: Arc<Dir>,
    path: PathBuf,
}

impl ResolvedPath {
    /// The path of standard input.
    pub const STDIN: &str = "-";

    /// Standard input.
    pub(super) fn stdin(stdin: &Stdin) -> Self {
        Self {
            name: PathBuf::from(Self::STDIN),
            relative: None,
            stdin: Some(stdin.clone()),
        }
    }

    /// Returns standard input, if this is it.
    #[must_use]
    pub fn as_stdin(&self) -> Option<&Stdin> {
        self.stdin.as_ref()
    }

    /// The file `path` below `directory`, which the script named `name`.
    pub(super) fn relative(name: &Path, directory: Arc<Dir>, path: &Path) -> Self {
        let path = if path.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            path.to_owned()
        };
        Self {
            name: name.to_owned(),
            relative: Some(RelativePath { directory, path }),
            stdin: None,
        }
    }

    /// Returns the file as it was named, for messages.
    #[must_use]
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Opens the file for reading. A pipe or a device, which might never end, is only read if it was named on the command line.
    ///
    /// # Errors
    /// The system reports an error, for example for a link that leads outside.
    pub fn open(&self) -> io::Result<File> {
        match &self.relative {
            Some(RelativePath { directory, path }) => {
                let file = directory.open_with(path, &read_options())?.into_std();
                let kind = file.metadata()?.file_type();
                if kind.is_file() || kind.is_dir() {
                    return Ok(file);
                }
                let reason =
                    "it is a pipe or a device, which only an argument of the script can name";
                Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
            }
            None => File::open(&self.name),
        }
    }

    /// Returns the metadata of the file.
    ///
    /// # Errors
    /// As for [`open`](Self::open), since the file is opened first.
    pub fn metadata(&self) -> io::Result<Metadata> {
        self.open()?.metadata()
    }

    /// Returns whether this is an existing regular file, not a directory, pipe or device.
    #[must_use]
    pub fn is_file(&self) -> bool {
        match &self.relative {
            Some(RelativePath { directory, path }) => directory.is_file(path),
            None => self.name.is_file(),
        }
    }

    /// Starts writing the file.
    ///
    /// # Errors
    /// No temporary file can be created in its directory.
    pub fn atomic_file(&self) -> io::Result<AtomicFile> {
        let path = self.relative.as_ref().map_or(&self.name, |at| &at.path);
        let name = path
            .file_name()
            .ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let directory = match &self.relative {
            Some(at) => at.directory.open_dir(parent)?,
            None => Dir::open_ambient_dir(parent, ambient_authority())?,
        };
        AtomicFile::create(directory, Path::new(name))
    }
}

/// A file without restrictions.
impl From<&Path> for ResolvedPath {
    fn from(path: &Path) -> Self {
        Self {
            name: path.to_owned(),
            relative: None,
            stdin: None,
        }
    }
}

impl From<&ResolvedPath> for ResolvedPath {
    fn from(path: &ResolvedPath) -> Self {
        path.clone()
    }
}

/// Opening a pipe does not wait for a writer.
fn read_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(flags.cast_signed());
    }
    options
}
