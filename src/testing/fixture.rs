//! The isolated environment of a test: its own sandbox, ledger, directory and clock, and a time limit.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::sleep;

use super::Error;
use crate::api::{ApiKey, BaseUrl, Client, Config, RequestLimits};
use crate::file_access::{self, FileAccess};
use crate::interrupt::Interrupt;
use crate::runtime::Runtime;
use crate::sandbox::{self, Options, Sandbox, TimeSource};
use crate::script::Paths;
use crate::time::Clock;

/// The name of the sandbox's directory.
const SANDBOX: &str = "sandbox";

/// The isolated environment of a test.
#[derive(Debug)]
pub struct Fixture {
    pub sandbox: Sandbox,
    pub client: Client,
    /// The directory of the script that contains the test.
    pub script_directory: PathBuf,
    /// The files that the test may read.
    pub file_access: FileAccess,
    own_file_access: FileAccess,
    // Must be the last field: dropping it deletes the directory that the others use.
    temp_dir: TempDir,
}

impl Fixture {
    /// Concurrent requests. Few are enough, as the sandbox is in the same process and tests run in parallel.
    const CONCURRENCY: usize = 4;

    /// Starts the sandbox and creates the directories. The test may read what `file_access` allows, and paths are relative to
    /// `script_directory`.
    pub fn open(
        runtime: &Runtime,
        script_directory: &Path,
        file_access: FileAccess,
        clock: &Clock,
    ) -> Result<Self, Error> {
        let unusable = |source| Error::Directory {
            path: std::env::temp_dir(),
            source,
        };
        let temp_dir = tempfile::Builder::new()
            .prefix("gradient-bulk-test-")
            .tempdir()
            .map_err(unusable)?;
        let own = temp_dir.path().join("files");
        fs::create_dir(&own).map_err(unusable)?;
        let own_file_access = FileAccess::within(&own)
            .map(|access| access.without(file_access.own_files()))
            .map_err(|file_access::Error { path, source }| Error::Directory { path, source })?;
        let clock = clock.clone();
        let options = Options {
            time_source: Some(TimeSource::new(move || clock.now())),
            ..Options::new(temp_dir.path().join(SANDBOX))
        };
        let sandbox = runtime.wait(sandbox::start(options, None))?;
        let client = Client::new(Config {
            base_url: BaseUrl::parse(&sandbox.base_url)?,
            key: Some(ApiKey::parse(sandbox.key())?),
            ca_certificates: None,
            limits: RequestLimits {
                concurrency: Self::CONCURRENCY,
                max_retries: 0,
                ..RequestLimits::default()
            },
        });
        // Messages show `people.csv` and not `./people.csv`.
        let script_directory = script_directory
            .strip_prefix(".")
            .unwrap_or(script_directory)
            .to_owned();
        Ok(Self {
            sandbox,
            client,
            script_directory,
            own_file_access: if file_access.may_write() {
                own_file_access
            } else {
                own_file_access.read_only()
            },
            file_access,
            temp_dir,
        })
    }

    pub fn ledger(&self) -> PathBuf {
        self.temp_dir.path().join("ledger.db")
    }

    /// Returns how paths of the test are resolved: it writes to its own directory, and reads from there or from the directory
    /// of its script.
    pub fn paths(&self) -> Paths {
        Paths::Layered {
            test_dir: self.temp_dir.path().join("files"),
            test_access: self.own_file_access.clone(),
            base_dir: self.script_directory.clone(),
            base_access: self.file_access.clone(),
        }
    }

    /// Returns the directory in which the sandbox keeps its state.
    pub fn sandbox_directory(&self) -> PathBuf {
        self.temp_dir.path().join(SANDBOX)
    }

    /// Stops the sandbox and deletes the directory.
    pub fn close(self, runtime: &Runtime) -> Result<(), Error> {
        drop(self.client);
        runtime.wait(self.sandbox.release(|| {}))?;
        let path = self.temp_dir.path().to_owned();
        self.temp_dir
            .close()
            .map_err(|source| Error::Directory { path, source })
    }
}

/// Ends a test when its time is over, or when the user interrupts all tests.
#[derive(Debug, Default)]
pub struct TestTimeout {
    pub interrupt: Interrupt,
    has_expired: Arc<AtomicBool>,
}

impl TestTimeout {
    /// Starts the timer of `limit` on `runtime`. `all` interrupts every test.
    pub fn start(&self, runtime: &Runtime, limit: Duration, all: &Interrupt) {
        let (own, all) = (self.interrupt.clone(), all.clone());
        let has_expired = Arc::clone(&self.has_expired);
        runtime.spawn(async move {
            tokio::select! {
                () = all.wait() => {}
                () = sleep(limit) => has_expired.store(true, Ordering::Relaxed),
            }
            own.set();
        });
    }

    /// Whether the time ran out.
    pub fn has_expired(&self) -> bool {
        self.has_expired.load(Ordering::Relaxed)
    }
}
