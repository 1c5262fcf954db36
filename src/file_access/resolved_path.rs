//! A file as it was named, and the way to it.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::{AtomicFile, Stdin};

/// A file as it was named, and the way to it. Clones lead to the same place.
#[derive(Clone, Debug)]
pub struct ResolvedPath {
    name: PathBuf,
    inside: Option<Inside>,
    /// Set if this is standard input.
    stdin: Option<Stdin>,
}

/// A place below a directory that is never left.
#[derive(Clone, Debug)]
struct Inside {
    directory: Arc<Dir>,
    path: PathBuf,
}

impl ResolvedPath {
    /// The path that stands for standard input.
    pub const STDIN: &str = "-";

    /// Standard input.
    pub(super) fn stdin(stdin: &Stdin) -> Self {
        Self {
            name: PathBuf::from(Self::STDIN),
            inside: None,
            stdin: Some(stdin.clone()),
        }
    }

    /// Returns standard input, if this is it.
    #[must_use]
    pub fn as_stdin(&self) -> Option<&Stdin> {
        self.stdin.as_ref()
    }

    /// The file `path` below `directory`, which is known as `name`.
    pub(super) fn inside(name: &Path, directory: Arc<Dir>, path: &Path) -> Self {
        let path = if path.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            path.to_owned()
        };
        Self {
            name: name.to_owned(),
            inside: Some(Inside { directory, path }),
            stdin: None,
        }
    }

    /// Returns the name that messages know the file by.
    #[must_use]
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Opens the file to read it. A pipe or a device, which might never end, is read only where there are no bounds.
    ///
    /// # Errors
    /// Those of the system; a link that leads out is one.
    pub fn open(&self) -> io::Result<File> {
        match &self.inside {
            Some(Inside { directory, path }) => {
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

    /// Returns what the system knows of the file.
    ///
    /// # Errors
    /// As [`open`](Self::open), which this does: what is told is true of the file that is reached.
    pub fn metadata(&self) -> io::Result<Metadata> {
        self.open()?.metadata()
    }

    /// Tells whether a file of the usual kind stands there: no directory, pipe or device.
    #[must_use]
    pub fn is_file(&self) -> bool {
        match &self.inside {
            Some(Inside { directory, path }) => directory.is_file(path),
            None => self.name.is_file(),
        }
    }

    /// Begins a file that takes this place when it is finished.
    ///
    /// # Errors
    /// Nothing can be written beside it.
    pub fn atomic_file(&self) -> io::Result<AtomicFile> {
        let path = self.inside.as_ref().map_or(&self.name, |at| &at.path);
        let name = path
            .file_name()
            .ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let directory = match &self.inside {
            Some(at) => at.directory.open_dir(parent)?,
            None => Dir::open_ambient_dir(parent, ambient_authority())?,
        };
        AtomicFile::create(directory, Path::new(name))
    }
}

/// A file that somebody named who may reach every file.
impl From<&Path> for ResolvedPath {
    fn from(path: &Path) -> Self {
        Self {
            name: path.to_owned(),
            inside: None,
            stdin: None,
        }
    }
}

impl From<&ResolvedPath> for ResolvedPath {
    fn from(location: &ResolvedPath) -> Self {
        location.clone()
    }
}

/// How a file is opened: a pipe that nobody writes to is no reason to wait.
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
