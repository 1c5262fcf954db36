//! The directories within which files may be reached.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::real_path::{escapes_directory, is_unc_or_device_path, real_path};
use super::{AccessDenied, Error, ResolvedPath, Stdin};

/// Standard input by the name that systems give it.
const STDIN: &str = "/dev/stdin";

/// The files that may be reached: those below some directories, and those that were named one by one.
#[derive(Clone, Debug)]
pub struct FileAccess {
    directories: Vec<AllowedDirectory>,
    named: HashSet<PathBuf>,
    may_write: bool,
    stdin: Stdin,
}

/// A directory that is open, so that it stays the same one whatever is renamed.
#[derive(Clone, Debug)]
struct AllowedDirectory {
    real_path: PathBuf,
    directory: Arc<Dir>,
}

impl FileAccess {
    /// Allows what lies below `directories`.
    ///
    /// # Errors
    /// One of them is not there, or is no directory.
    pub fn within<P: AsRef<Path>>(directories: impl IntoIterator<Item = P>) -> Result<Self, Error> {
        let allow = |path: &Path| {
            // Opened by the place that its name leads to, so that both are of one directory whatever a link does meanwhile.
            let real_path = fs::canonicalize(path)?;
            let directory = Arc::new(Dir::open_ambient_dir(&real_path, ambient_authority())?);
            Ok(AllowedDirectory {
                real_path,
                directory,
            })
        };
        let directories = directories.into_iter().map(|path| {
            let path = path.as_ref();
            allow(path).map_err(|source| Error {
                path: path.to_owned(),
                source,
            })
        });
        Ok(Self {
            directories: directories.collect::<Result<_, _>>()?,
            named: HashSet::new(),
            may_write: true,
            stdin: Stdin::default(),
        })
    }

    /// Allows the files that `words` of a command line name, spelt as they are there: `people.csv` and `--out=links.csv`.
    /// Who names a file in an argument hands it over; what lies beside it is not meant.
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

    /// Reads `-` from `stdin`, which others share.
    #[must_use]
    pub fn with_stdin(mut self, stdin: &Stdin) -> Self {
        self.stdin = stdin.clone();
        self
    }

    /// Tells whether files may be written at all.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.may_write
    }

    /// Allows no file to be written.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.may_write = false;
        self
    }

    /// Finds the file that is read where somebody says `path`; `-` is standard input.
    ///
    /// # Errors
    /// It lies elsewhere.
    pub fn to_read(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if path == Path::new(ResolvedPath::STDIN) {
            return Ok(ResolvedPath::stdin(&self.stdin));
        }
        if path == Path::new(STDIN) || self.named.contains(path) {
            return Ok(path.into());
        }
        self.find(path)
    }

    /// Finds the file that is written where somebody says `path`. Where a link stands, that is the file it leads to.
    ///
    /// # Errors
    /// It lies elsewhere, or nothing may be written.
    pub fn to_write(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if !self.may_write {
            let path = path.to_owned();
            return Err(AccessDenied::ReadOnly { path });
        }
        if path == Path::new(ResolvedPath::STDIN) || self.named.contains(path) {
            return Ok(path.into());
        }
        self.find(path)
    }

    fn find(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if cfg!(windows) && is_unc_or_device_path(&path.to_string_lossy()) {
            return Err(outside(path, path));
        }
        if path.as_os_str().is_empty() {
            // No system has a file without a name, and each says so.
            return Ok(path.into());
        }
        let Ok(resolved) = real_path(path) else {
            return self.unresolvable(path);
        };
        let within = |allowed: &&AllowedDirectory| resolved.starts_with(&allowed.real_path);
        let Some(AllowedDirectory {
            real_path,
            directory,
        }) = self.directories.iter().find(within)
        else {
            return Err(outside(path, &resolved));
        };
        let rest = resolved.strip_prefix(real_path).unwrap_or(&resolved);
        Ok(ResolvedPath::inside(path, Arc::clone(directory), rest))
    }

    /// A path that leads nowhere, as its links go round in a circle: whoever opens it from the working directory, which is
    /// not left, hears that from the system.
    fn unresolvable(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        let here = real_path(Path::new("."));
        let is_here = |allowed: &&AllowedDirectory| {
            here.as_ref().is_ok_and(|here| allowed.real_path == *here)
        };
        match self.directories.iter().find(is_here) {
            Some(AllowedDirectory { directory, .. }) if !escapes_directory(path) => {
                Ok(ResolvedPath::inside(path, Arc::clone(directory), path))
            }
            _ => Err(outside(path, path)),
        }
    }
}

/// The refusal of `path`, which leads to `resolved`.
fn outside(path: &Path, resolved: &Path) -> AccessDenied {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => path.to_owned(),
    };
    let named = path.to_owned();
    if escapes_directory(path) {
        let directory = parent(path);
        return AccessDenied::Outside {
            path: named,
            directory,
        };
    }
    AccessDenied::Linked {
        path: named,
        directory: parent(resolved),
    }
}
