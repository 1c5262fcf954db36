//! Files of the program that other users of this machine can read, write or replace.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::private_file::{Exposure, exposure, is_shared_directory};

/// A file or directory that should be private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivatePlace {
    KeyFile,
    Configuration,
    Ledger,
    Home,
}

/// A problem that does not stop the command: others can do something with a private file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub place: PrivatePlace,
    path: PathBuf,
    /// `None` if others can write the directory of the file, and so replace it.
    pub exposure: Option<Exposure>,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.exposure {
            Some(Exposure::Read) => "read",
            Some(Exposure::Write) => "write",
            None => "replace",
        };
        let place = match self.place {
            PrivatePlace::KeyFile => "key file",
            PrivatePlace::Configuration => "configuration",
            PrivatePlace::Ledger => "ledger",
            PrivatePlace::Home => "files of gradient-bulk in",
        };
        write!(f, "others can {verb} the {place} `{}`", self.path.display())
    }
}

impl Warning {
    /// Returns how to fix the problem.
    pub fn hint(&self) -> String {
        match (self.place, self.exposure, self.path.parent()) {
            (PrivatePlace::Home, ..) => {
                format!("`chmod 700 {}` makes it private", self.path.display())
            }
            (_, None, Some(directory)) if !directory.as_os_str().is_empty() => {
                format!(
                    "`chmod go-w {}` protects its directory",
                    directory.display()
                )
            }
            (_, None, _) => "`chmod go-w .` protects its directory".to_owned(),
            (_, Some(_), _) => format!("`chmod 600 {}` makes it private", self.path.display()),
        }
    }
}

/// Returns the warnings about the directory `home` and the private files, at most one for each file and each directory.
pub(super) fn warnings(home: Option<&Path>, files: &[(PrivatePlace, &Path)]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut shared: Vec<&Path> = Vec::new();
    if let Some(home) = home.filter(|home| is_shared_directory(home)) {
        shared.push(home);
        warnings.push(Warning {
            place: PrivatePlace::Home,
            path: home.to_owned(),
            exposure: None,
        });
    }
    for (place, path) in files {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut found = exposure(path).map(Some);
        if found.is_none()
            && !shared.contains(&directory)
            && path.exists()
            && is_shared_directory(directory)
        {
            shared.push(directory);
            found = Some(None);
        }
        warnings.extend(found.map(|exposure| Warning {
            place: *place,
            path: (*path).to_owned(),
            exposure,
        }));
    }
    warnings
}
