//! Which files a script may read and write.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::real_path::{escapes_directory, is_unc_or_device_path, real_path};
use super::{ResolvedPath, Stdin};

/// The path of standard input as a file.
const STDIN_FILE: &str = "/dev/stdin";

/// The files that a script may use: those below some directories, and those named on the command line.
#[derive(Clone, Debug)]
pub struct FileAccess {
    directories: Vec<AllowedDirectory>,
    named: HashSet<PathBuf>,
    may_write: bool,
    stdin: Stdin,
}

/// An open directory, so that renaming does not replace it.
#[derive(Clone, Debug)]
struct AllowedDirectory {
    real_path: PathBuf,
    directory: Arc<Dir>,
}

impl FileAccess {
    /// Allows the files below `directories`.
    ///
    /// # Errors
    /// One of them does not exist or is not a directory.
    pub fn within<P: AsRef<Path>>(directories: impl IntoIterator<Item = P>) -> Result<Self, Error> {
        let allow = |path: &Path| {
            // Opened by its real path, so that both are the same directory even if a link changes.
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

    /// Reads `-` from `stdin`, which others share.
    #[must_use]
    pub fn with_stdin(mut self, stdin: &Stdin) -> Self {
        self.stdin = stdin.clone();
        self
    }

    /// Returns whether files may be written at all.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.may_write
    }

    /// Forbids writing.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.may_write = false;
        self
    }

    /// Resolves the `path` of a file to read; `-` is standard input.
    ///
    /// # Errors
    /// The file is not allowed.
    pub fn to_read(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if path == Path::new(ResolvedPath::STDIN) {
            return Ok(ResolvedPath::stdin(&self.stdin));
        }
        if path == Path::new(STDIN_FILE) || self.named.contains(path) {
            return Ok(path.into());
        }
        self.resolve(path)
    }

    /// Resolves the `path` of a file to write. If it is a link, that is the file it leads to.
    ///
    /// # Errors
    /// The file is not allowed, or writing is forbidden.
    pub fn to_write(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if !self.may_write {
            let path = path.to_owned();
            return Err(AccessDenied::ReadOnly { path });
        }
        if path == Path::new(ResolvedPath::STDIN) || self.named.contains(path) {
            return Ok(path.into());
        }
        self.resolve(path)
    }

    fn resolve(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        if cfg!(windows) && is_unc_or_device_path(&path.to_string_lossy()) {
            return Err(outside(path, path));
        }
        if path.as_os_str().is_empty() {
            // Opening a file without a name fails with an error of the system.
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
        Ok(ResolvedPath::relative(path, Arc::clone(directory), rest))
    }

    /// Resolves a path whose links form a circle. Inside the working directory, opening it fails with an error of the
    /// system.
    fn unresolvable(&self, path: &Path) -> Result<ResolvedPath, AccessDenied> {
        let here = real_path(Path::new("."));
        let is_here = |allowed: &&AllowedDirectory| {
            here.as_ref().is_ok_and(|here| allowed.real_path == *here)
        };
        match self.directories.iter().find(is_here) {
            Some(AllowedDirectory { directory, .. }) if !escapes_directory(path) => {
                Ok(ResolvedPath::relative(path, Arc::clone(directory), path))
            }
            _ => Err(outside(path, path)),
        }
    }
}

/// Why a directory cannot be allowed.
#[expect(missing_docs, reason = "the message says it")]
#[derive(Debug, thiserror::Error)]
#[error("cannot allow files below `{}`: {source}", path.display())]
pub struct Error {
    pub path: PathBuf,
    pub source: io::Error,
}

/// Why a file must not be read or written. `path` is the file as the script named it.
#[expect(missing_docs, reason = "the messages say it")]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessDenied {
    /// The path itself leads outside.
    #[error("`{}` is outside the working directory", path.display())]
    Outside {
        path: PathBuf,
        /// The directory to allow.
        directory: PathBuf,
    },
    /// A link leads outside.
    #[error("`{}` leads outside the working directory, through a link", path.display())]
    Linked {
        path: PathBuf,
        /// The directory to allow.
        directory: PathBuf,
    },
    /// A test only writes to a directory of its own.
    #[error("cannot write `{}` in a test", path.display())]
    OutsideTest { path: PathBuf },
    /// Writing is not allowed at all.
    #[error("`{}` may not be written: `--deny-write` forbids it", path.display())]
    ReadOnly { path: PathBuf },
}

impl AccessDenied {
    /// Returns the file as the script named it.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Outside { path, .. }
            | Self::Linked { path, .. }
            | Self::OutsideTest { path }
            | Self::ReadOnly { path } => path,
        }
    }

    /// Returns what the user can do.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Outside { directory, .. } | Self::Linked { directory, .. } => format!(
                "`--allow-path {}` before the script lets it use that directory",
                directory.display()
            ),
            Self::OutsideTest { .. } => {
                "a test can only write to a directory of its own: use a path without `..`"
                    .to_owned()
            }
            Self::ReadOnly { .. } => {
                "leave out `--deny-write` if you trust the script with its files".to_owned()
            }
        }
    }
}

/// Returns the error for `path`, which leads to `resolved`.
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
