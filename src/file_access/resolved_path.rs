//! A path that was resolved, and opening it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
#[cfg(unix)]
use std::path::Component;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::own_files::Use;
use super::real_path::directory_of;
use super::stdin::STDIN;
use super::system_path::is_process_file;
use super::{AccessDenied, AtomicFile, OwnFileKind, OwnFiles, Stdin};

/// The path of a file that may be used, and the directory it is opened from.
#[derive(Clone, Debug)]
pub struct ResolvedPath {
    name: PathBuf,
    relative: Option<RelativePath>,
    /// Set if this is standard input.
    stdin: Option<Stdin>,
    /// Files that this must not be, if a script names it.
    own_files: Option<Arc<OwnFiles>>,
}

/// A path below a directory that must not be left.
#[derive(Clone, Debug)]
struct RelativePath {
    directory: Arc<Dir>,
    path: PathBuf,
}

impl ResolvedPath {
    /// The path of standard input.
    pub const STDIN: &str = STDIN;

    /// Standard input.
    pub(super) fn stdin(stdin: &Stdin) -> Self {
        Self {
            name: PathBuf::from(Self::STDIN),
            relative: None,
            stdin: Some(stdin.clone()),
            own_files: None,
        }
    }

    /// Returns standard input, if this is it.
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
            own_files: None,
        }
    }

    /// Refuses to open the program's own files.
    pub(super) fn without(mut self, own_files: &Arc<OwnFiles>) -> Self {
        self.own_files = Some(Arc::clone(own_files));
        self
    }

    /// Returns the file as it was named, for messages.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Opens the file for reading. A pipe or a device, which might never end, is only read if it was named on the command line.
    ///
    /// # Errors
    /// The system reports an error, for example for a link that leads outside. [`AccessDenied`] if a script must not use the
    /// file, whatever its name is.
    pub fn open(&self) -> io::Result<File> {
        let file = self.open_unchecked()?;
        if let Some(own_files) = &self.own_files {
            let path = || self.name.clone();
            if let Some(kind) = own_files.open_as(&file, Use::Read)? {
                return Err(AccessDenied::OwnFile { path: path(), kind }.into());
            }
            if is_process_file(&file)? {
                return Err(AccessDenied::System { path: path() }.into());
            }
        }
        Ok(file)
    }

    fn open_unchecked(&self) -> io::Result<File> {
        ensure_no_nul(&self.name)?;
        let Some(RelativePath { directory, path }) = &self.relative else {
            return File::open(&self.name);
        };
        let file = directory.open_with(path, &read_options())?.into_std();
        let kind = file.metadata()?.file_type();
        if kind.is_file() || kind.is_dir() {
            return Ok(file);
        }
        let reason = "it is a pipe or a device, which only an argument of the script can name";
        Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
    }

    pub fn metadata(&self) -> io::Result<Metadata> {
        self.open_unchecked()?.metadata()
    }

    /// Returns whether this is an existing regular file, not a directory, pipe or device.
    pub fn is_file(&self) -> bool {
        match &self.relative {
            Some(RelativePath { directory, path }) => directory.is_file(path),
            None => self.name.is_file(),
        }
    }

    /// Returns whether this is an existing regular file that is not empty, so that replacing it loses something.
    pub fn has_content(&self) -> bool {
        self.is_file() && self.metadata().map_or(true, |file| file.len() > 0)
    }

    /// Starts writing the file. Missing directories are made below the directory that it is opened from.
    ///
    /// # Errors
    /// No temporary file can be created in its directory. [`AccessDenied`] if a script must not write the file.
    pub fn atomic_file(&self) -> io::Result<AtomicFile> {
        let (path, name) = self.path_and_name()?;
        let parent = directory_of(path);
        let directory = match &self.relative {
            Some(at) => match open_directory_below(&at.directory, parent, true)? {
                Parent::Exists(directory) => directory,
                Parent::Missing(..) => return Err(io::ErrorKind::NotFound.into()),
            },
            None => Dir::open_ambient_dir(parent, ambient_authority())?,
        };
        self.atomic_file_in(directory, name)
    }

    /// Checks whether the file could be written. Makes nothing that stays.
    pub fn ensure_writable(&self) -> io::Result<()> {
        let (path, name) = self.path_and_name()?;
        let Some(at) = &self.relative else {
            return self.atomic_file().map(drop);
        };
        match open_directory_below(&at.directory, directory_of(path), false)? {
            Parent::Exists(directory) => self.atomic_file_in(directory, name).map(drop),
            Parent::Missing(above, missing) => {
                AtomicFile::create(above, Path::new(&missing)).map(drop)
            }
        }
    }

    fn path_and_name(&self) -> io::Result<(&Path, &OsStr)> {
        ensure_no_nul(&self.name)?;
        let path = self.relative.as_ref().map_or(&self.name, |at| &at.path);
        let name = path.file_name().filter(|_| !is_directory_name(&self.name));
        let name = name.ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
        Ok((path, name))
    }

    fn atomic_file_in(&self, directory: Dir, name: &OsStr) -> io::Result<AtomicFile> {
        if let Some(own_files) = &self.own_files
            && let Some(kind) = own_file_at(own_files, &directory, name)?
        {
            let path = self.name.clone();
            return Err(AccessDenied::OwnFile { path, kind }.into());
        }
        AtomicFile::create(directory, Path::new(name))
    }

    /// Lists the files and directories in this directory by their names.
    pub fn entries(&self) -> io::Result<Vec<DirectoryEntry>> {
        let Some(at) = &self.relative else {
            let entries = fs::read_dir(&self.name)?;
            let entry = |entry: io::Result<fs::DirEntry>| {
                let entry = entry?;
                let kind = entry.file_type()?;
                Ok(DirectoryEntry::of(entry.file_name(), kind.is_dir()))
            };
            return entries.map(entry).collect();
        };
        let entries = at.directory.open_dir(&at.path)?.entries()?;
        let entry = |entry: io::Result<cap_std::fs::DirEntry>| {
            let entry = entry?;
            let kind = entry.file_type()?;
            Ok(DirectoryEntry::of(entry.file_name(), kind.is_dir()))
        };
        entries.map(entry).collect()
    }
}

/// A file, directory or link in a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirectoryEntry {
    pub name: OsString,
    /// Whether it is a directory, and not a link to one.
    pub is_directory: bool,
}

impl DirectoryEntry {
    fn of(name: OsString, is_directory: bool) -> Self {
        Self { name, is_directory }
    }
}

/// Returns what the file called `name` in `directory` contains, or would contain, if it is one of `own_files`.
fn own_file_at(
    own_files: &OwnFiles,
    directory: &Dir,
    name: &OsStr,
) -> io::Result<Option<OwnFileKind>> {
    let handle = directory.try_clone()?.into_std_file();
    if let Some(kind) = own_files.in_directory(&handle, name)? {
        return Ok(Some(kind));
    }
    match directory.open_with(name, &read_options()) {
        Ok(old) => own_files.open_as(&old.into_std(), Use::Write),
        Err(_) => Ok(None),
    }
}

/// The system reports a NUL character as an invalid argument, and some functions do not report it at all.
fn ensure_no_nul(name: &Path) -> io::Result<()> {
    if name.as_os_str().as_encoded_bytes().contains(&0) {
        let reason = "its name contains a NUL character";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    Ok(())
}

/// Returns whether `path` is spelled as that of a directory, as in `links.csv/`.
fn is_directory_name(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    let name = name.strip_suffix(b".").unwrap_or(name);
    let last = name.last().copied();
    last.is_some_and(|last| std::path::is_separator(last.into()))
}

/// The directory that a file is in.
enum Parent {
    Exists(Dir),
    /// It does not exist: the last directory above it that does, and the name of the first one that is missing.
    Missing(Dir, OsString),
}

/// Opens the directory `path` below `directory`, or makes it. None of its parts may have become a link since it was resolved.
#[cfg(unix)]
fn open_directory_below(directory: &Dir, path: &Path, makes: bool) -> io::Result<Parent> {
    use rustix::fs::{Mode, OFlags, mkdirat, openat};
    use rustix::io::Errno;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut directory = directory.try_clone()?;
    for part in path.components() {
        let name = match part {
            Component::CurDir => continue,
            Component::Normal(name) => name,
            _ => return Err(io::ErrorKind::PermissionDenied.into()),
        };
        let opened = match openat(&directory, name, flags, Mode::empty()) {
            Err(Errno::NOENT) if !makes => return Ok(Parent::Missing(directory, name.to_owned())),
            Err(Errno::NOENT) => {
                match mkdirat(&directory, name, Mode::from_raw_mode(0o777)) {
                    // Another process was faster.
                    Ok(()) | Err(Errno::EXIST) => {}
                    Err(error) => return Err(error.into()),
                }
                openat(&directory, name, flags, Mode::empty())?
            }
            opened => opened?,
        };
        directory = Dir::from_std_file(opened.into());
    }
    Ok(Parent::Exists(directory))
}

/// Opens the directory `path` below `directory`, which no link can leave, or makes it.
#[cfg(not(unix))]
fn open_directory_below(directory: &Dir, path: &Path, makes: bool) -> io::Result<Parent> {
    let mut directory = directory.try_clone()?;
    for part in path.components() {
        let name = part.as_os_str();
        let opened = match directory.open_dir(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if !makes {
                    return Ok(Parent::Missing(directory, name.to_owned()));
                }
                directory.create_dir_all(name)?;
                directory.open_dir(name)?
            }
            opened => opened?,
        };
        directory = opened;
    }
    Ok(Parent::Exists(directory))
}

/// A file without restrictions.
impl From<&Path> for ResolvedPath {
    fn from(path: &Path) -> Self {
        Self {
            name: path.to_owned(),
            relative: None,
            stdin: None,
            own_files: None,
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
