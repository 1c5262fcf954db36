//! The directory a sandbox lives in: its file names and their permissions.
//!
//! Invite links and candidates' addresses are private even in a rehearsal (they are often real),
//! hence 0700 and 0600 for what is created here.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::error::Error;
use crate::private_file;

/// The directory of one sandbox.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    dir: PathBuf,
}

impl DataDir {
    /// Creates the directory where it is missing.
    pub(crate) fn prepare(dir: &Path) -> Result<Self, Error> {
        private_file::create_dir(dir).map_err(|source| unusable(dir, source))?;
        Ok(Self {
            dir: dir.to_owned(),
        })
    }

    /// Returns the directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the path of the database; an empty private file is put there where none is, because
    /// `SQLite` would create it readable for everybody.
    pub(crate) fn database(&self) -> Result<PathBuf, Error> {
        self.file("sandbox.db")?;
        Ok(self.dir.join("sandbox.db"))
    }

    /// Opens the file that the serving process holds locked.
    pub(crate) fn owner_file(&self) -> Result<File, Error> {
        self.file("sandbox.lock")
    }

    /// Opens the file that every joined process holds a shared lock on.
    pub(crate) fn clients_file(&self) -> Result<File, Error> {
        self.file("sandbox.clients")
    }

    /// Opens the file that is locked while ownership is being decided.
    pub(crate) fn gate_file(&self) -> Result<File, Error> {
        self.file("sandbox.gate")
    }

    /// Publishes the server's address, whole or not at all.
    pub(crate) fn write_address(&self, address: SocketAddr) -> Result<(), Error> {
        let draft = self.dir.join("sandbox.addr.new");
        private_file::open(&draft)
            .and_then(|mut file| {
                file.set_len(0)?;
                file.write_all(address.to_string().as_bytes())
            })
            .and_then(|()| fs::rename(&draft, self.address_path()))
            .map_err(|source| unusable(&draft, source))
    }

    /// Reads the published address; none where none is published or it makes no sense.
    pub(crate) fn read_address(&self) -> Option<SocketAddr> {
        fs::read_to_string(self.address_path()).ok()?.parse().ok()
    }

    /// Withdraws the published address.
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

/// Builds the error for a path that cannot be used.
pub(crate) fn unusable(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
