//! What surrounds one test: an empty sandbox, a ledger and a directory of its own, and a clock that only the test moves.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Error;
use crate::api::{BaseUrl, Client, Config, Key, RequestLimits};
use crate::file_access::{self, FileAccess};
use crate::runtime::Runtime;
use crate::sandbox::{self, Options, Sandbox, TimeSource};
use crate::script::Paths;
use crate::time::Clock;

/// What surrounds one test.
#[derive(Debug)]
pub struct Fixture {
    sandbox: Sandbox,
    client: Client,
    home: PathBuf,
    file_access: FileAccess,
    own_file_access: FileAccess,
    // The last field: the directory is deleted when nothing uses it any more.
    directory: TempDir,
}

impl Fixture {
    /// Requests in flight at once: the sandbox is in this process, and other tests run beside it.
    const CONCURRENCY: usize = 4;

    /// Prepares what a test needs that is at home in `home`, where it may read what `file_access` allows, at the time that `clock`
    /// shows.
    ///
    /// # Errors
    /// The directory cannot be made, or the sandbox cannot be started.
    pub fn open(
        runtime: &Runtime,
        home: &Path,
        file_access: FileAccess,
        clock: &Clock,
    ) -> Result<Self, Error> {
        let unusable = |source| Error::Directory {
            path: std::env::temp_dir(),
            source,
        };
        let directory = tempfile::Builder::new()
            .prefix("gradient-bulk-test-")
            .tempdir()
            .map_err(unusable)?;
        let own = directory.path().join("files");
        fs::create_dir(&own).map_err(unusable)?;
        let own_file_access = FileAccess::within([&own])
            .map_err(|file_access::Error { path, source }| Error::Directory { path, source })?;
        let clock = clock.clone();
        let options = Options {
            time_source: Some(TimeSource::new(move || clock.now())),
            ..Options::new(directory.path().join("sandbox"))
        };
        let sandbox = runtime.wait(sandbox::start(options, None))?;
        let client = Client::new(Config {
            base_url: BaseUrl::parse(sandbox.base_url())?,
            key: Some(Key::parse(sandbox::KEY)?),
            ca_certificates: None,
            limits: RequestLimits {
                concurrency: Self::CONCURRENCY,
                max_retries: 0,
                ..RequestLimits::default()
            },
        });
        // `./people.csv` would be shown for what everybody calls `people.csv`.
        let home = home.strip_prefix(".").unwrap_or(home).to_owned();
        Ok(Self {
            sandbox,
            client,
            home,
            own_file_access: if file_access.may_write() {
                own_file_access
            } else {
                own_file_access.read_only()
            },
            file_access,
            directory,
        })
    }

    /// Returns a client of the sandbox.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the directory that the test is at home in.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Returns what the test may read.
    #[must_use]
    pub fn file_access(&self) -> &FileAccess {
        &self.file_access
    }

    /// Returns the file of the ledger.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.directory.path().join("ledger.db")
    }

    /// Returns where relative paths lead: what is written goes to the test's own directory, and what is read comes from
    /// there or from its home.
    #[must_use]
    pub fn paths(&self) -> Paths {
        Paths::Layered {
            own: self.directory.path().join("files"),
            own_file_access: self.own_file_access.clone(),
            home: self.home.clone(),
            file_access: self.file_access.clone(),
        }
    }

    /// Returns the sandbox.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Ends the sandbox and deletes everything.
    ///
    /// # Errors
    /// The sandbox cannot be ended, or the directory cannot be deleted.
    pub fn close(self, runtime: &Runtime) -> Result<(), Error> {
        drop(self.client);
        runtime.wait(self.sandbox.release(|| {}))?;
        let path = self.directory.path().to_owned();
        self.directory
            .close()
            .map_err(|source| Error::Directory { path, source })
    }
}
