//! Why a script must not use a file.

use std::io;
use std::path::{Path, PathBuf};

use super::own_files::OwnFileKind;
use super::real_path::escapes_directory;

/// The extensions of files that a script writes without permission.
pub(super) const WRITABLE_EXTENSIONS: [&str; 10] = [
    "csv", "tsv", "txt", "md", "json", "jsonl", "html", "xlsx", "eml", "ics",
];

/// Why a file must not be read or written. `path` is the file as the script named it.
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
    /// The file belongs to the program.
    #[error("`{}` contains {kind}: scripts cannot {} it", path.display(), kind.refused_use())]
    OwnFile { path: PathBuf, kind: OwnFileKind },
    /// A device, or something about a process.
    #[error("`{}` is below `/dev` or `/proc`: scripts cannot use it", path.display())]
    System { path: PathBuf },
    /// Only files for data are written.
    #[error("`{}` may not be written: its name does not end in {}", path.display(), extensions("or"))]
    Extension { path: PathBuf },
    /// Nothing is written to hidden files and directories.
    #[error("`{}` may not be written: it is hidden, or in a hidden directory", path.display())]
    Hidden { path: PathBuf },
    /// A test only writes to a directory of its own.
    #[error("cannot write `{}` in a test", path.display())]
    OutsideTest { path: PathBuf },
    /// Writing is not allowed at all.
    #[error("`{}` may not be written: `--deny-write` forbids it", path.display())]
    ReadOnly { path: PathBuf },
}

impl AccessDenied {
    /// Returns the error for `path`, which leads to `resolved`.
    pub(super) fn outside(path: &Path, resolved: &Path) -> Self {
        let parent = |path: &Path| match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => path.to_owned(),
        };
        let named = path.to_owned();
        if escapes_directory(path) {
            let directory = parent(path);
            return Self::Outside {
                path: named,
                directory,
            };
        }
        Self::Linked {
            path: named,
            directory: parent(resolved),
        }
    }

    /// Returns the error in `error`, if a file was refused when it was opened.
    pub fn in_io_error(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// Returns the file as the script named it.
    pub fn path(&self) -> &Path {
        match self {
            Self::Outside { path, .. }
            | Self::Linked { path, .. }
            | Self::OwnFile { path, .. }
            | Self::System { path }
            | Self::Extension { path }
            | Self::Hidden { path }
            | Self::OutsideTest { path }
            | Self::ReadOnly { path } => path,
        }
    }

    /// Returns what the user can do.
    pub fn hint(&self) -> String {
        match self {
            Self::Outside { directory, .. } | Self::Linked { directory, .. } => format!(
                "`--allow-path {}` before the script lets it use that directory",
                directory.display()
            ),
            Self::OwnFile { .. } => "no option allows it; use another file".to_owned(),
            Self::System { .. } => {
                "name a pipe in an argument of the script; `-` is standard input".to_owned()
            }
            Self::Extension { .. } => format!(
                "scripts write {} files; `--allow-path DIR` before the script allows every name in that directory, and naming the file in an argument allows that file",
                extensions("and")
            ),
            Self::Hidden { .. } => {
                "`--allow-path DIR` before the script allows every name in that directory, and naming the file in an argument allows that file"
                    .to_owned()
            }
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

impl From<AccessDenied> for io::Error {
    fn from(denied: AccessDenied) -> Self {
        Self::new(io::ErrorKind::PermissionDenied, denied)
    }
}

/// Lists the extensions of files that scripts write.
fn extensions(word: &str) -> String {
    let (last, others) = WRITABLE_EXTENSIONS.split_last().unwrap_or((&"", &[]));
    format!("{} {word} {last}", others.join(", "))
}
