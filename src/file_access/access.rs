//! Which files a script may read and write.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::own_files::Use;
use super::real_path::{escapes_directory, is_unc_or_device_path, real_path};
use super::stdin::is_stdin;
use super::system_path::is_system_path;
use super::{AccessDenied, OwnFiles, ResolvedPath, Stdin, write_rule};

/// The files that a script may use: those below some directories, and those named on the command line, but never those of the
/// program itself.
#[derive(Clone, Debug)]
pub struct FileAccess {
    directories: Vec<AllowedDirectory>,
    named: HashSet<PathBuf>,
    may_write: bool,
    stdin: Stdin,
    own_files: Arc<OwnFiles>,
}

/// An open directory, so that renaming does not replace it.
#[derive(Clone, Debug)]
struct AllowedDirectory {
    real_path: PathBuf,
    directory: Arc<Dir>,
    /// Whether only files for data may be written.
    only_data: bool,
}

/// A path that was found to be in an allowed directory.
struct Located<'a> {
    allowed: &'a AllowedDirectory,
    /// Relative to the directory.
    path: PathBuf,
}

impl AllowedDirectory {
    fn open(path: &Path, only_data: bool) -> Result<Self, Error> {
        let open = || {
            // Opened by its real path, so that both are the same directory even if a link changes.
            let real_path = fs::canonicalize(path)?;
            let directory = Arc::new(Dir::open_ambient_dir(&real_path, ambient_authority())?);
            Ok(Self {
                real_path,
                directory,
                only_data,
            })
        };
        open().map_err(|source| Error {
            path: path.to_owned(),
            source,
        })
    }
}

impl FileAccess {
    /// Allows reading the files below `directory`, and writing files for data there.
    pub fn within(directory: &Path) -> Result<Self, Error> {
        Ok(Self {
            directories: vec![AllowedDirectory::open(directory, true)?],
            named: HashSet::new(),
            may_write: true,
            stdin: Stdin::default(),
            own_files: Arc::default(),
        })
    }

    /// Also allows reading and writing every file below `directories`.
    pub fn and_within<P: AsRef<Path>>(
        mut self,
        directories: impl IntoIterator<Item = P>,
    ) -> Result<Self, Error> {
        for path in directories {
            let directory = AllowedDirectory::open(path.as_ref(), false)?;
            // They come first, because one of them may contain a directory with restrictions.
            self.directories.insert(0, directory);
        }
        Ok(self)
    }

    /// Allows the files named by `words` of the command line, spelled as they are there: `people.csv` or
    /// `--out=links.csv`. Files next to them are not allowed.
    #[must_use]
    pub fn with_named_files<'a>(mut self, words: impl IntoIterator<Item = &'a str>) -> Self {
        for word in words {
            let value = word
                .strip_prefix("--")
                .and_then(|word| word.split_once('='));
            let file = value.map_or(word, |(_, value)| value);
            self.named.insert(PathBuf::from(file));
        }
        self
    }

    /// Forbids the program's own files, wherever they are and however they are allowed.
    #[must_use]
    pub fn without(mut self, own_files: &Arc<OwnFiles>) -> Self {
        self.own_files = Arc::clone(own_files);
        self
    }

    /// Returns the program's own files, which are forbidden.
    pub fn own_files(&self) -> &Arc<OwnFiles> {
        &self.own_files
    }

    /// Reads `-` from `stdin`, which others share.
    #[must_use]
    pub fn with_stdin(mut self, stdin: &Stdin) -> Self {
        self.stdin = stdin.clone();
        self
    }

    /// Returns whether files may be written at all.
    pub fn may_write(&self) -> bool {
        self.may_write
    }

    /// Forbids writing.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.may_write = false;
        self
    }

    /// Resolves the `path` of a file to read; `-` and the other names of descriptor 0 are standard input.
    pub fn to_read(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if is_stdin(path) {
            return Ok(ResolvedPath::stdin(&self.stdin));
        }
        if self.is_unrestricted(path) {
            return self.unrestricted(path, Use::Read);
        }
        let located = self.locate(path)?;
        self.ensure_not_own(path, &located.real_path(), Use::Read)?;
        Ok(self.resolved(path, &located))
    }

    /// Resolves the `path` of a file to write. If it is a link, that is the file it leads to.
    pub fn to_write(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if !self.may_write {
            let path = path.to_owned();
            return Err(AccessDenied::ReadOnly { path });
        }
        let is_unrestricted = self.is_unrestricted(path);
        let located = match self.locate(path) {
            // Its directory may have to be made.
            Ok(located)
                if !path.as_os_str().is_empty() && path != Path::new(ResolvedPath::STDIN) =>
            {
                located
            }
            Err(denied) if !is_unrestricted => return Err(denied),
            _ => return self.unrestricted(path, Use::Write),
        };
        self.ensure_not_own(path, &located.real_path(), Use::Write)?;
        if located.allowed.only_data && !is_unrestricted {
            write_rule::check(path, &located.allowed.real_path, &located.path)?;
        }
        Ok(self.resolved(path, &located))
    }

    /// Returns whether `path` is named on the command line, or empty: opening that fails with an error of the system.
    fn is_unrestricted(&self, path: &Path) -> bool {
        self.named.contains(path) || path.as_os_str().is_empty()
    }

    fn unrestricted(&self, path: &Path, wanted: Use) -> Result<ResolvedPath, AccessDenied> {
        if let Ok(resolved) = real_path(path) {
            self.ensure_not_own(path, &resolved, wanted)?;
        }
        Ok(ResolvedPath::from(path).without(&self.own_files))
    }

    fn ensure_not_own(
        &self,
        path: &Path,
        resolved: &Path,
        wanted: Use,
    ) -> Result<(), AccessDenied> {
        match self.own_files.at(resolved, wanted) {
            Some(kind) => Err(AccessDenied::OwnFile {
                path: path.to_owned(),
                kind,
            }),
            None => Ok(()),
        }
    }

    fn resolved(&self, path: &Path, located: &Located) -> ResolvedPath {
        let directory = Arc::clone(&located.allowed.directory);
        ResolvedPath::relative(path, directory, &located.path).without(&self.own_files)
    }

    fn locate(&self, path: &Path) -> Result<Located<'_>, AccessDenied> {
        if cfg!(windows) && is_unc_or_device_path(&path.to_string_lossy()) {
            return Err(AccessDenied::outside(path, path));
        }
        let resolved = real_path(path);
        if is_system_path(path) || resolved.as_ref().is_ok_and(|path| is_system_path(path)) {
            let path = path.to_owned();
            return Err(AccessDenied::System { path });
        }
        let Ok(resolved) = resolved else {
            return self.locate_circle(path);
        };
        let found = self.directories.iter().find_map(|allowed| {
            let path = resolved.strip_prefix(&allowed.real_path).ok()?.to_owned();
            Some(Located { allowed, path })
        });
        found.ok_or_else(|| AccessDenied::outside(path, &resolved))
    }

    /// Locates a path whose links form a circle. Inside the working directory, opening it fails with an error of the
    /// system.
    fn locate_circle(&self, path: &Path) -> Result<Located<'_>, AccessDenied> {
        let here = real_path(Path::new("."));
        let is_here = |allowed: &&AllowedDirectory| {
            here.as_ref().is_ok_and(|here| allowed.real_path == *here)
        };
        match self.directories.iter().find(is_here) {
            Some(allowed) if !escapes_directory(path) => Ok(Located {
                allowed,
                path: path.to_owned(),
            }),
            _ => Err(AccessDenied::outside(path, path)),
        }
    }
}

impl Located<'_> {
    fn real_path(&self) -> PathBuf {
        self.allowed.real_path.join(&self.path)
    }
}

/// Why a directory cannot be allowed.
#[derive(Debug, thiserror::Error)]
#[error("cannot allow files below `{}`: {source}", path.display())]
pub struct Error {
    pub path: PathBuf,
    pub source: io::Error,
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests;
