//! The data directory of a sandbox: its files and their permissions.
//!
//! Everything is created with mode 0700 or 0600: invite links and email addresses are private even in a rehearsal, because the
//! addresses are often real.

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom as _, SystemRandom};

use super::error::Error;
use super::key::SandboxKey;
use crate::file_lock::FileLock;
use crate::private_file;

#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    pub(crate) dir: PathBuf,
}

impl DataDir {
    /// Creates the directory if it does not exist.
    pub(crate) fn prepare(dir: &Path) -> Result<Self, Error> {
        private_file::create_dir(dir).map_err(|source| unusable(dir, source))?;
        Ok(Self {
            dir: dir.to_owned(),
        })
    }

    /// Returns the path of the database. Creates it as an empty private file, because `SQLite` would make it readable for everyone.
    pub(crate) fn database(&self) -> Result<PathBuf, Error> {
        let path = self.dir.join("sandbox.db");
        private_file::open(&path).map_err(|source| unusable(&path, source))?;
        Ok(path)
    }

    /// The file that the serving process locks.
    pub(crate) fn owner_file(&self) -> PathBuf {
        self.dir.join("sandbox.lock")
    }

    /// The file on which every joined process holds a shared lock.
    pub(crate) fn clients_file(&self) -> PathBuf {
        self.dir.join("sandbox.clients")
    }

    /// The file that is locked while a process tries to become the owner.
    pub(crate) fn gate_file(&self) -> PathBuf {
        self.dir.join("sandbox.gate")
    }

    /// Returns the key, and makes one if there is none yet.
    pub(crate) fn key(&self) -> Result<SandboxKey, Error> {
        let gate = self.gate_file();
        let _gate = FileLock::acquire(&gate).map_err(|source| unusable(&gate, source))?;
        let path = self.key_path();
        let content = match fs::read_to_string(&path) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => String::new(),
            read => read.map_err(|source| unusable(&path, source))?,
        };
        if let Some(key) = SandboxKey::parse(&content) {
            return Ok(key);
        }
        let mut bytes = [0; 16];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| unusable(&path, io::Error::other("no random numbers")))?;
        let key = SandboxKey::from_random(bytes);
        replace(&path, &format!("{}\n", key.as_str()))?;
        Ok(key)
    }

    pub(crate) fn key_path(&self) -> PathBuf {
        self.dir.join("sandbox.key")
    }

    /// Publishes the server's address.
    pub(crate) fn write_address(&self, address: SocketAddr) -> Result<(), Error> {
        replace(&self.address_path(), &address.to_string())
    }

    /// Reads the published address; `None` if there is none, or if it is not an address.
    pub(crate) fn read_address(&self) -> Option<SocketAddr> {
        fs::read_to_string(self.address_path()).ok()?.parse().ok()
    }

    pub(crate) fn remove_address(&self) -> Result<(), Error> {
        let path = self.address_path();
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(unusable(&path, source)),
            _ => Ok(()),
        }
    }

    fn address_path(&self) -> PathBuf {
        self.dir.join("sandbox.addr")
    }
}

/// Replaces the content of a file atomically.
fn replace(path: &Path, content: &str) -> Result<(), Error> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    private_file::open(&temporary)
        .and_then(|mut file| {
            file.set_len(0)?;
            file.write_all(content.as_bytes())
        })
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|source| unusable(&temporary, source))
}

pub(crate) fn unusable(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
