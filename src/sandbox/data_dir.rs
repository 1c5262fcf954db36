//! The data directory of a sandbox: its files and their permissions.
//!
//! Everything is created with mode 0700 or 0600: invite links and email addresses are private even in a rehearsal, because the
//! addresses are often real.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::error::Error;
use crate::private_file;

#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    dir: PathBuf,
}

impl DataDir {
    /// Creates the directory if it does not exist.
    pub(crate) fn prepare(dir: &Path) -> Result<Self, Error> {
        private_file::create_dir(dir).map_err(|source| unusable(dir, source))?;
        Ok(Self {
            dir: dir.to_owned(),
        })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the path of the database. Creates it as an empty private file, because `SQLite` would make it readable for everyone.
    pub(crate) fn database(&self) -> Result<PathBuf, Error> {
        self.file("sandbox.db")?;
        Ok(self.dir.join("sandbox.db"))
    }

    /// Opens the file that the serving process locks.
    pub(crate) fn owner_file(&self) -> Result<File, Error> {
        self.file("sandbox.lock")
    }

    /// Opens the file on which every joined process holds a shared lock.
    pub(crate) fn clients_file(&self) -> Result<File, Error> {
        self.file("sandbox.clients")
    }

    /// Opens the file that is locked while a process tries to become the owner.
    pub(crate) fn gate_file(&self) -> Result<File, Error> {
        self.file("sandbox.gate")
    }

    /// Publishes the server's address atomically.
    pub(crate) fn write_address(&self, address: SocketAddr) -> Result<(), Error> {
        let temporary = self.dir.join("sandbox.addr.new");
        private_file::open(&temporary)
            .and_then(|mut file| {
                file.set_len(0)?;
                file.write_all(address.to_string().as_bytes())
            })
            .and_then(|()| fs::rename(&temporary, self.address_path()))
            .map_err(|source| unusable(&temporary, source))
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

    fn file(&self, name: &str) -> Result<File, Error> {
        let path = self.dir.join(name);
        private_file::open(&path).map_err(|source| unusable(&path, source))
    }
}

pub(crate) fn unusable(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
