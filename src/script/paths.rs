//! Where the relative paths of a script lead.

use std::fs;
use std::path::{Component, Path, PathBuf};

use rhai::NativeCallContext;

use super::Host;
use super::throw::{RhaiResultOf, Throw, throw};

/// Where the relative paths of a script lead.
#[derive(Clone, Debug)]
pub enum Paths {
    /// Where they lead for the process.
    Plain,
    /// To a test's own files, and what they do not hold is read from a directory that stays as it is.
    Layered {
        /// Where the test writes, and reads first.
        own: PathBuf,
        /// Where it reads what it did not write.
        home: PathBuf,
    },
}

impl Paths {
    /// Returns the file that is read where a script says `path`.
    fn to_read(&self, path: &str) -> PathBuf {
        match self {
            Self::Layered { own, home } if path != "-" => {
                let written = own.join(path);
                if written.exists() {
                    written
                } else {
                    home.join(path)
                }
            }
            _ => PathBuf::from(path),
        }
    }

    /// Returns the file that is written where a script says `path`; `None` where a test may not write.
    fn to_write(&self, path: &str) -> Option<PathBuf> {
        let relative = Path::new(path);
        let Self::Layered { own, home } = self else {
            return Some(relative.to_owned());
        };
        let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !relative.components().all(inside) {
            return None;
        }
        if let Some(parent) = relative.parent()
            && home.join(parent).is_dir()
        {
            // That it fails is told by the writing.
            let _ = fs::create_dir_all(own.join(parent));
        }
        Some(own.join(relative))
    }
}

impl Host {
    /// Returns the file that is read where the script says `path`.
    pub(super) fn path_to_read(&self, path: &str) -> PathBuf {
        self.paths().to_read(path)
    }

    /// Returns the file that is written where the script says `path`.
    ///
    /// # Errors
    /// `file`: a test would write outside its own directory.
    pub(super) fn path_to_write(
        &self,
        ctx: &NativeCallContext,
        path: &str,
    ) -> RhaiResultOf<PathBuf> {
        self.paths().to_write(path).ok_or_else(|| {
            let message = format!("cannot write `{path}` in a test");
            let hint = "a test writes below a directory of its own: use a path without `..`";
            throw(ctx, Throw::new("file", message).hint(hint))
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::Paths;

    #[test]
    fn a_test_reads_what_it_wrote_and_else_what_is_there() {
        let (own, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(home.path().join("data")).unwrap();
        fs::write(home.path().join("data/people.csv"), "").unwrap();
        let paths = Paths::Layered {
            own: own.path().to_owned(),
            home: home.path().to_owned(),
        };
        let there = home.path().join("data/people.csv");
        assert_eq!(paths.to_read("data/people.csv"), there);
        let written = paths.to_write("data/people.csv").unwrap();
        fs::write(&written, "").unwrap();
        assert_eq!(written, own.path().join("data/people.csv"));
        assert_eq!(paths.to_read("data/people.csv"), written);
    }

    #[test]
    fn a_test_writes_nowhere_else() {
        let paths = Paths::Layered {
            own: PathBuf::from("own"),
            home: PathBuf::from("home"),
        };
        assert_eq!(paths.to_write("../people.csv"), None);
        let absolute = std::env::temp_dir().join("people.csv");
        assert_eq!(paths.to_write(&absolute.display().to_string()), None);
        assert_eq!(paths.to_write("x.csv"), Some(PathBuf::from("own/x.csv")));
    }
}
