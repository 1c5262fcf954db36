//! The files of the program itself, such as the key file and the ledger. No script may use them, wherever they are and whatever
//! the user allows.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::real_path::{directory_of, real_path};
use super::stdin::stdin_file;
use crate::file_identity::FileIdentity;

/// What a file of the program contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnFileKind {
    ApiKey,
    Configuration,
    Ledger,
    History,
    Sandbox,
    Locks,
    /// Scripts may read it, as it is not a secret.
    Certificates,
    /// Scripts may read it.
    NeverInvite,
    /// A directory of these files, in which there may be others, too.
    Home,
}

impl fmt::Display for OwnFileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey => "an API key",
            Self::Configuration => "the configuration of gradient-bulk",
            Self::Ledger => "the ledger",
            Self::History => "the history of the prompt",
            Self::Sandbox => "the data of the sandbox",
            Self::Locks => "locks of gradient-bulk",
            Self::Certificates => "certificates that gradient-bulk trusts",
            Self::NeverInvite => "addresses that are never invited",
            Self::Home => "the home directory of gradient-bulk",
        })
    }
}

impl OwnFileKind {
    /// Returns what scripts cannot do with such a file.
    pub(super) fn refused_use(self) -> &'static str {
        match self {
            Self::Certificates | Self::NeverInvite => "write",
            _ => "use",
        }
    }
}

/// What a script wants to do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Write,
}

/// Which files belong to one path.
#[derive(Clone, Copy, Debug)]
enum Extent {
    File,
    /// The file, and those next to it whose names are its own and a suffix for which this returns `true`.
    WithCompanions(fn(&str) -> bool),
    /// Everything below the directory.
    Directory,
    /// None of the files below the directory.
    Nothing,
}

#[derive(Clone, Debug)]
struct OwnFile {
    kind: OwnFileKind,
    extent: Extent,
    path: PathBuf,
    /// The path itself with its directory resolved, and the file it leads to through links. Neither has to exist.
    locations: Vec<PathBuf>,
}

/// A list of the program's own files.
#[derive(Clone, Debug, Default)]
pub struct OwnFiles {
    files: Vec<OwnFile>,
    /// Files whose paths are not known.
    open: Vec<(OwnFileKind, FileIdentity)>,
}

impl OwnFiles {
    /// Adds a file, which may not exist yet.
    pub fn add_file(&mut self, kind: OwnFileKind, path: &Path) {
        self.add(kind, Extent::File, path);
    }

    /// Adds a file, and those next to it that have the same name followed by a suffix for which `is_companion` returns `true`.
    pub fn add_file_with_companions(
        &mut self,
        kind: OwnFileKind,
        path: &Path,
        is_companion: fn(&str) -> bool,
    ) {
        self.add(kind, Extent::WithCompanions(is_companion), path);
    }

    /// Adds everything below a directory, which may not exist yet.
    pub fn add_directory(&mut self, kind: OwnFileKind, path: &Path) {
        self.add(kind, Extent::Directory, path);
    }

    /// Adds a directory of the program, with which no file is refused. Scripts should not run there.
    pub fn add_home(&mut self, path: &Path) {
        self.add(OwnFileKind::Home, Extent::Nothing, path);
    }

    /// Adds the file that standard input is redirected from, if it is one.
    pub fn add_stdin(&mut self, kind: OwnFileKind) {
        let identity = stdin_file().and_then(|file| FileIdentity::of(&file));
        self.open.extend(identity.ok().map(|found| (kind, found)));
    }

    fn add(&mut self, kind: OwnFileKind, extent: Extent, path: &Path) {
        let link = path.file_name().and_then(|name| {
            let directory = real_path(directory_of(path)).ok()?;
            Some(directory.join(name))
        });
        let target = real_path(path).ok();
        self.files.push(OwnFile {
            kind,
            extent,
            path: path.to_owned(),
            locations: link.into_iter().chain(target).collect(),
        });
    }

    /// Returns what the file at `path`, which is resolved, contains or would contain if a script may not use it.
    pub(super) fn at(&self, path: &Path, wanted: Use) -> Option<OwnFileKind> {
        let is_at = |file: &OwnFile, location: &PathBuf| match file.extent {
            Extent::Nothing => false,
            Extent::Directory => comparable(path).starts_with(comparable(location)),
            Extent::File | Extent::WithCompanions(_) => {
                let is_next_to =
                    comparable(directory_of(path)) == comparable(directory_of(location));
                is_next_to
                    && path
                        .file_name()
                        .is_some_and(|name| file.covers(location, name))
            }
        };
        self.find(wanted, is_at)
    }

    /// Returns what the open `file` contains if a script may not use it.
    pub(super) fn open_as(&self, file: &File, wanted: Use) -> io::Result<Option<OwnFileKind>> {
        let identity = FileIdentity::of(file)?;
        let mut open = self.open.iter();
        if let Some((kind, _)) = open.find(|(_, found)| *found == identity) {
            return Ok(Some(*kind));
        }
        let mut files = self.refused(wanted);
        let found = files.find(|file| file.existing().any(|path| is_at(&identity, &path)));
        Ok(found.map(|file| file.kind))
    }

    /// Returns what the file called `name` in the open `directory` contains, or would contain, if a script may not write it.
    pub(super) fn in_directory(
        &self,
        directory: &File,
        name: &OsStr,
    ) -> io::Result<Option<OwnFileKind>> {
        let identity = FileIdentity::of(directory)?;
        let is_there = |file: &OwnFile, location: &PathBuf| match file.extent {
            Extent::Nothing => false,
            Extent::Directory => is_at(&identity, location),
            Extent::File | Extent::WithCompanions(_) => {
                file.covers(location, name) && is_at(&identity, directory_of(location))
            }
        };
        Ok(self.find(Use::Write, is_there))
    }

    /// Returns an existing file of the program in `directory` or below it, and what it contains.
    pub fn first_below(&self, directory: &Path) -> Option<(OwnFileKind, &Path)> {
        let directory = real_path(directory).ok()?;
        let is_below = |file: &&OwnFile| {
            let mut locations = file.locations.iter();
            let is_below = |path: &PathBuf| comparable(path).starts_with(comparable(&directory));
            locations.any(is_below) && file.path.exists()
        };
        let below = self.files.iter().filter(is_below);
        let found = below.min_by_key(|file| file.kind == OwnFileKind::Home)?;
        Some((found.kind, &found.path))
    }

    fn find(&self, wanted: Use, is_it: impl Fn(&OwnFile, &PathBuf) -> bool) -> Option<OwnFileKind> {
        let mut files = self.refused(wanted);
        let found = files.find(|file| file.locations.iter().any(|path| is_it(file, path)));
        found.map(|file| file.kind)
    }

    fn refused(&self, wanted: Use) -> impl Iterator<Item = &OwnFile> {
        self.files.iter().filter(move |file| match file.kind {
            OwnFileKind::Home => false,
            OwnFileKind::Certificates | OwnFileKind::NeverInvite => wanted == Use::Write,
            _ => true,
        })
    }
}

impl OwnFile {
    /// Returns whether `name`, in the directory of `location`, is that of one of these files.
    fn covers(&self, location: &Path, name: &OsStr) -> bool {
        let Some(own) = location.file_name() else {
            return false;
        };
        let (own, name) = (comparable(Path::new(own)), comparable(Path::new(name)));
        if own == name {
            return true;
        }
        let (Extent::WithCompanions(is_companion), Some(own), Some(name)) =
            (self.extent, own.to_str(), name.to_str())
        else {
            return false;
        };
        name.strip_prefix(own).is_some_and(is_companion)
    }

    /// Returns the paths of these files that exist now.
    fn existing(&self) -> impl Iterator<Item = PathBuf> {
        let directory = match self.extent {
            Extent::File | Extent::Nothing => None,
            Extent::WithCompanions(_) => Some(directory_of(&self.path)),
            Extent::Directory => Some(&*self.path),
        };
        let entries = directory.and_then(|directory| fs::read_dir(directory).ok());
        let listed = entries.into_iter().flatten().flatten();
        let belongs = |name: &OsStr| {
            matches!(self.extent, Extent::Directory) || self.covers(&self.path, name)
        };
        listed
            .filter(move |entry| belongs(&entry.file_name()))
            .map(|entry| entry.path())
            .chain([self.path.clone()])
    }
}

fn is_at(identity: &FileIdentity, path: &Path) -> bool {
    FileIdentity::at(path).is_ok_and(|found| found == *identity)
}

/// Returns a form of `path` that is equal for equal files. On some systems, the case of letters makes no difference.
fn comparable(path: &Path) -> Cow<'_, Path> {
    if cfg!(any(windows, target_os = "macos")) {
        Cow::Owned(path.to_string_lossy().to_lowercase().into())
    } else {
        Cow::Borrowed(path)
    }
}
