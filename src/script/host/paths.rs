//! Resolves the paths of a script, and checks which of them it may use.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, io};

use crate::file_access::{
    AccessDenied, DirectoryEntry, FileAccess, OwnFiles, ResolvedPath, is_stdin,
};

/// How the paths of a script are resolved.
#[derive(Clone, Debug)]
pub enum Paths {
    /// As for any process.
    Plain(FileAccess),
    /// In a test: to the files that the test wrote, else to those of a directory that is read only.
    Layered {
        /// The directory that the test writes to, and reads from first.
        test_dir: PathBuf,
        /// What it may do there.
        test_access: FileAccess,
        /// The directory that it reads other files from.
        base_dir: PathBuf,
        /// What it may do there.
        base_access: FileAccess,
    },
}

impl Paths {
    /// Explains how the path of a missing `file` was resolved, unless it is absolute.
    pub(super) fn missing_file_hint(&self, file: &Path) -> Option<String> {
        Some(match self {
            Self::Plain(_) if file.is_absolute() => return None,
            Self::Plain(_) => {
                let directory = env::current_dir().ok();
                let directory = directory.map(|path| format!(", `{}`", path.display()));
                format!(
                    "paths are relative to the directory the command runs in{}",
                    directory.unwrap_or_default()
                )
            }
            Self::Layered { base_dir, .. } => {
                let base_dir = if base_dir.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    base_dir
                };
                format!(
                    "in a test, a path refers to a file that the test wrote, or else to one below `{}`",
                    base_dir.display()
                )
            }
        })
    }

    /// Returns the program's own files, which the script may not use.
    pub(super) fn own_files(&self) -> &Arc<OwnFiles> {
        match self {
            Self::Plain(file_access) => file_access.own_files(),
            Self::Layered { base_access, .. } => base_access.own_files(),
        }
    }

    /// Resolves the path of a file to read.
    pub(super) fn to_read(&self, path: &str) -> Result<ResolvedPath, AccessDenied> {
        match self {
            Self::Plain(file_access) => file_access.to_read(Path::new(path)),
            Self::Layered { base_access, .. } if is_stdin(Path::new(path)) => {
                base_access.to_read(Path::new(path))
            }
            Self::Layered {
                test_dir,
                test_access,
                base_dir,
                base_access,
            } => {
                let written = test_dir.join(path);
                match test_access.to_read(&written) {
                    Ok(file) if written.exists() => Ok(file),
                    _ => base_access.to_read(&base_dir.join(path)),
                }
            }
        }
    }

    /// Lists the entries of a directory. In a test, those of both directories.
    ///
    /// # Errors
    /// The script may not use the directory, or it cannot be read. A missing one has no entries.
    pub(super) fn entries(&self, directory: &str) -> Result<Vec<DirectoryEntry>, ListError> {
        let listed = |file: ResolvedPath| match file.entries() {
            Err(error) if is_absent(&error) => Ok(Vec::new()),
            entries => entries.map_err(ListError::Read),
        };
        match self {
            Self::Plain(file_access) => listed(file_access.to_read(Path::new(directory))?),
            Self::Layered {
                test_dir,
                test_access,
                base_dir,
                base_access,
            } => {
                let mut entries = match test_access.to_read(&test_dir.join(directory)) {
                    Ok(file) => listed(file)?,
                    Err(_) => Vec::new(),
                };
                entries.extend(listed(base_access.to_read(&base_dir.join(directory))?)?);
                entries.sort();
                entries.dedup();
                Ok(entries)
            }
        }
    }

    /// Resolves the path of a file to write.
    pub(super) fn to_write(&self, path: &str) -> Result<ResolvedPath, AccessDenied> {
        match self {
            Self::Plain(file_access) => file_access.to_write(Path::new(path)),
            Self::Layered {
                test_dir,
                test_access,
                ..
            } => {
                let deny = |denied| match denied {
                    AccessDenied::ReadOnly { .. } => AccessDenied::ReadOnly { path: path.into() },
                    AccessDenied::Extension { .. } => AccessDenied::Extension { path: path.into() },
                    AccessDenied::Hidden { .. } => AccessDenied::Hidden { path: path.into() },
                    _ => AccessDenied::OutsideTest { path: path.into() },
                };
                test_access.to_write(&test_dir.join(path)).map_err(deny)
            }
        }
    }
}

/// Why a directory cannot be listed.
pub(super) enum ListError {
    Denied(AccessDenied),
    Read(io::Error),
}

impl From<AccessDenied> for ListError {
    fn from(denied: AccessDenied) -> Self {
        Self::Denied(denied)
    }
}

/// Returns whether there is no directory of that name.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::Paths;
    use crate::file_access::{AccessDenied, FileAccess};

    #[test]
    fn a_test_reads_its_own_files_before_others_and_writes_only_its_own() {
        let (test_dir, base_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(base_dir.path().join("data")).unwrap();
        fs::write(base_dir.path().join("data/people.csv"), "").unwrap();
        let paths = Paths::Layered {
            test_dir: test_dir.path().to_owned(),
            test_access: FileAccess::within(test_dir.path()).unwrap(),
            base_dir: base_dir.path().to_owned(),
            base_access: FileAccess::within(base_dir.path()).unwrap(),
        };
        let there = base_dir.path().join("data/people.csv");
        assert_eq!(paths.to_read("data/people.csv").unwrap().name(), there);
        let mut atomic_file = paths
            .to_write("data/people.csv")
            .unwrap()
            .atomic_file()
            .unwrap();
        atomic_file.write_all(b"mine").unwrap();
        atomic_file.finish().unwrap();
        let written = test_dir.path().join("data/people.csv");
        assert_eq!(fs::read(&written).unwrap(), b"mine");
        assert_eq!(paths.to_read("data/people.csv").unwrap().name(), written);
        assert_eq!(fs::read(there).unwrap(), b"");
        for path in [
            "../people.csv",
            "a/../../people.csv",
            &base_dir.path().display().to_string(),
        ] {
            let refused = paths.to_write(path).unwrap_err();
            assert_eq!(refused, AccessDenied::OutsideTest { path: path.into() });
        }
    }
}
