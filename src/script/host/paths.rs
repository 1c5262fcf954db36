//! Where the paths of a script lead, and which of them it may follow.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::file_access::{AccessDenied, FileAccess, ResolvedPath};

/// Where the paths of a script lead.
#[derive(Clone, Debug)]
pub enum Paths {
    /// Where they lead for the process.
    Plain(FileAccess),
    /// To a test's own files, and what they do not hold is read from a directory that stays as it is.
    Layered {
        /// Where the test writes, and reads first.
        own: PathBuf,
        /// What is allowed there.
        own_file_access: FileAccess,
        /// Where it reads what it did not write.
        home: PathBuf,
        /// What is allowed there.
        file_access: FileAccess,
    },
}

impl Paths {
    /// Says where paths lead, to somebody whose `file` is not there; nothing, where it says so itself.
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
            Self::Layered { home, .. } => {
                let home = if home.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    home
                };
                format!(
                    "in a test, a path is that of a file the test wrote, or else of one below `{}`",
                    home.display()
                )
            }
        })
    }

    /// Returns the file that is read where a script says `path`.
    ///
    /// # Errors
    /// It is out of reach.
    pub(super) fn to_read(&self, path: &str) -> Result<ResolvedPath, AccessDenied> {
        match self {
            Self::Plain(file_access) => file_access.to_read(Path::new(path)),
            Self::Layered { file_access, .. } if path == "-" => {
                file_access.to_read(Path::new(path))
            }
            Self::Layered {
                own,
                own_file_access,
                home,
                file_access,
            } => {
                let written = own.join(path);
                match own_file_access.to_read(&written) {
                    Ok(file) if written.exists() => Ok(file),
                    _ => file_access.to_read(&home.join(path)),
                }
            }
        }
    }

    /// Returns the file that is written where a script says `path`.
    ///
    /// # Errors
    /// It is out of reach.
    pub(super) fn to_write(&self, path: &str) -> Result<ResolvedPath, AccessDenied> {
        match self {
            Self::Plain(file_access) => file_access.to_write(Path::new(path)),
            Self::Layered {
                own,
                own_file_access,
                home,
                ..
            } => {
                let refuse = |refused| match refused {
                    AccessDenied::ReadOnly { .. } => AccessDenied::ReadOnly { path: path.into() },
                    _ => AccessDenied::OutsideTest { path: path.into() },
                };
                let file = own_file_access.to_write(&own.join(path)).map_err(refuse)?;
                if let Some(parent) = Path::new(path).parent()
                    && home.join(parent).is_dir()
                {
                    // That it fails is told by the writing.
                    let _ = fs::create_dir_all(own.join(parent));
                }
                Ok(file)
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::Paths;
    use crate::file_access::{AccessDenied, FileAccess};

    #[test]
    fn a_test_reads_what_it_wrote_and_else_what_is_there_and_writes_nowhere_else() {
        let (own, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(home.path().join("data")).unwrap();
        fs::write(home.path().join("data/people.csv"), "").unwrap();
        let paths = Paths::Layered {
            own: own.path().to_owned(),
            own_file_access: FileAccess::within([own.path()]).unwrap(),
            home: home.path().to_owned(),
            file_access: FileAccess::within([home.path()]).unwrap(),
        };
        let there = home.path().join("data/people.csv");
        assert_eq!(paths.to_read("data/people.csv").unwrap().name(), there);
        let mut atomic_file = paths
            .to_write("data/people.csv")
            .unwrap()
            .atomic_file()
            .unwrap();
        atomic_file.write_all(b"mine").unwrap();
        atomic_file.finish().unwrap();
        let written = own.path().join("data/people.csv");
        assert_eq!(fs::read(&written).unwrap(), b"mine");
        assert_eq!(paths.to_read("data/people.csv").unwrap().name(), written);
        assert_eq!(fs::read(there).unwrap(), b"");
        for path in [
            "../people.csv",
            "a/../../people.csv",
            &home.path().display().to_string(),
        ] {
            let refused = paths.to_write(path).unwrap_err();
            assert_eq!(refused, AccessDenied::OutsideTest { path: path.into() });
        }
    }
}
