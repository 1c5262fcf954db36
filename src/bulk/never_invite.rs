//! The addresses and domains that no plan may invite: people who withdrew, employees, people whose data was erased.
//!
//! The file is read before a script starts, and again if it has changed when a plan is made or sent.

use std::fs::{self, File, Metadata};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::people::{NeverInviteList, NeverInviteListError};

/// A file of addresses and domains that are never invited.
#[derive(Debug)]
pub struct NeverInvite {
    path: PathBuf,
    /// What names the file, such as "profile `x`".
    origin: String,
    loaded: Mutex<(FileVersion, Arc<NeverInviteList>)>,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the never_invite list `{}` of {origin}: {source}", path.display())]
pub struct NeverInviteError {
    path: PathBuf,
    origin: String,
    source: NeverInviteListError,
}

/// The list that a plan is checked with.
#[derive(Clone, Debug)]
pub struct NeverInviteCheck {
    list: Arc<NeverInviteList>,
    origin: Arc<str>,
}

/// What changes if the file is edited or replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileVersion {
    modified: Option<SystemTime>,
    length: u64,
}

impl NeverInvite {
    /// Reads the file, which `origin` names.
    pub fn read(path: PathBuf, origin: String) -> Result<Self, NeverInviteError> {
        match read(&path) {
            Ok(loaded) => Ok(Self {
                path,
                origin,
                loaded: Mutex::new(loaded),
            }),
            Err(source) => Err(NeverInviteError {
                path,
                origin,
                source,
            }),
        }
    }

    /// Returns the list as it is now.
    pub fn check(&self) -> Result<NeverInviteCheck, NeverInviteError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let is_current =
            fs::metadata(&self.path).is_ok_and(|metadata| FileVersion::of(&metadata) == loaded.0);
        if !is_current {
            *loaded = read(&self.path).map_err(|source| NeverInviteError {
                path: self.path.clone(),
                origin: self.origin.clone(),
                source,
            })?;
        }
        Ok(NeverInviteCheck {
            list: Arc::clone(&loaded.1),
            origin: self.origin.as_str().into(),
        })
    }
}

impl NeverInviteCheck {
    /// Returns the line that forbids to invite this valid address.
    pub fn line_of(&self, email: &str) -> Option<u64> {
        self.list.line_of(email)
    }

    /// Returns why a row is skipped.
    pub fn reason(&self, line: u64) -> String {
        format!("{}, line {line}", self.name())
    }

    /// Returns where the list comes from.
    pub fn name(&self) -> String {
        format!("in the never_invite list of {}", self.origin)
    }

    /// Returns the number of addresses and of domains.
    pub fn size(&self) -> (u64, u64) {
        (self.list.addresses(), self.list.domains())
    }
}

impl NeverInviteError {
    pub fn hint() -> &'static str {
        "each line is an address, or a domain such as `@example.com`, or begins with `#`; without this list, nobody is invited"
    }
}

impl FileVersion {
    fn of(metadata: &Metadata) -> Self {
        Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
        }
    }
}

fn read(path: &Path) -> Result<(FileVersion, Arc<NeverInviteList>), NeverInviteListError> {
    // Opening a pipe would wait for a writer.
    if fs::metadata(path)?.is_file() {
        let file = File::open(path)?;
        let version = FileVersion::of(&file.metadata()?);
        let list = NeverInviteList::read(BufReader::new(file))?;
        return Ok((version, Arc::new(list)));
    }
    Err(io::Error::other("it is not a regular file").into())
}
