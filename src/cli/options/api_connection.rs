//! The connection to the API or to the sandbox, and what depends on which of the two it is.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::api::{ApiKey, BaseUrl, Client, Config};
use crate::bulk::{AssessmentLocks, Options, user_name};
use crate::change_kind::ChangePermissions;
use crate::cli::output::{self, Streams, Verbosity};
use crate::cli::terminal::{NextCommands, TerminalConfig};
use crate::error::Error;
use crate::file_access::Stdin;
use crate::ledger::{Author, RunSpec};
use crate::memory::MemoryWatch;
use crate::process_limits::{self, BASE_OPEN_FILES};
use crate::runtime::{Runtime, StartError};
use crate::sandbox::{self, Sandbox};
use crate::script::{Arguments, HostSettings};
use crate::settings::{Endpoint, Settings};
use crate::text::redact_keys;
use crate::time::zone_name;

/// A client of the API or of the sandbox, and everything that depends on which of the two it is.
pub(in crate::cli) struct ApiConnection {
    pub(in crate::cli) client: Client,
    /// ID or name of the default assessment.
    pub(in crate::cli) assessment: Option<String>,
    pub(in crate::cli) is_sandbox: bool,
    pub(in crate::cli) locks: AssessmentLocks,
    /// The sandbox that [`close`](Self::close) releases.
    sandbox: Option<Sandbox>,
}

impl ApiConnection {
    /// Does `work` over a connection as `settings` say. An error of `work` takes precedence over one of closing.
    pub(in crate::cli) fn with<T>(
        settings: &Settings,
        runtime: &Runtime,
        work: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let api_connection = Self::open(settings, runtime)?;
        let result = work(&api_connection);
        let closed = api_connection.close(runtime);
        let output = result?;
        closed?;
        Ok(output)
    }

    fn open(settings: &Settings, runtime: &Runtime) -> Result<Self, Error> {
        // The sandbox has the other end of each connection.
        let connections = 2 * settings.limits.concurrency as u64;
        process_limits::ensure_open_files(BASE_OPEN_FILES + connections)
            .map_err(StartError::from)?;
        let config = |base_url, key, ca_certificates| Config {
            base_url,
            key,
            ca_certificates,
            limits: settings.limits,
        };
        match &settings.endpoint {
            Endpoint::Api {
                base_url,
                key,
                ca_certificates,
            } => Ok(Self {
                client: Client::new(config(
                    base_url.clone(),
                    key.clone(),
                    ca_certificates.clone(),
                )),
                assessment: settings.assessment.clone(),
                is_sandbox: false,
                locks: AssessmentLocks::new(settings.locks.clone(), base_url.server()),
                sandbox: None,
            }),
            Endpoint::Sandbox(data_dir) => {
                let sandbox = runtime.wait(sandbox::attach(data_dir))?;
                let base_url = BaseUrl::parse(&sandbox.base_url)?;
                let key = ApiKey::parse(sandbox.key())?;
                let client = Client::new(config(base_url, Some(key), None));
                Ok(Self {
                    sandbox: Some(sandbox),
                    ..Self::to_sandbox(client, settings.assessment.clone(), data_dir)
                })
            }
        }
    }

    /// Returns a connection to the sandbox of `data_dir`, which the caller closes.
    pub(in crate::cli) fn to_sandbox(
        client: Client,
        assessment: Option<String>,
        data_dir: &Path,
    ) -> Self {
        Self {
            client,
            assessment: Some(assessment.unwrap_or_else(|| sandbox::ASSESSMENT.to_owned())),
            is_sandbox: true,
            // The address of a sandbox changes, but its directory does not.
            locks: AssessmentLocks::new(data_dir.join("locks"), "sandbox".to_owned()),
            sandbox: None,
        }
    }

    /// Releases the sandbox. If other processes use this one's server, it is served until they end or an interrupt comes,
    /// and a note says so.
    fn close(self, runtime: &Runtime) -> Result<(), Error> {
        let notify = || {
            output::note("another process still uses this one's sandbox; Ctrl-C exits at once");
        };
        if let Some(sandbox) = self.sandbox {
            runtime
                .wait_unless_interrupted(sandbox.release(notify))
                .transpose()?;
        }
        Ok(())
    }

    /// Returns the name that people know the endpoint by.
    pub(in crate::cli) fn endpoint(&self) -> String {
        if self.is_sandbox {
            return "the sandbox".to_owned();
        }
        self.client.config().base_url.host()
    }

    /// Returns the configuration of a terminal at which a plan is confirmed and sent over this connection.
    pub(in crate::cli) fn terminal_config(
        &self,
        options: Options,
        commands: NextCommands,
        stdin: &Stdin,
    ) -> TerminalConfig {
        let key = self.client.config().key.as_ref();
        TerminalConfig {
            streams: Streams::Process,
            stdin: stdin.clone(),
            verbosity: Verbosity::Normal,
            json: false,
            auto_confirm: self.is_sandbox,
            is_sandbox: self.is_sandbox,
            endpoint: self.endpoint(),
            key: key.filter(|_| !self.is_sandbox).map(ApiKey::prefix),
            options,
            commands,
        }
    }

    /// Returns what the ledger records about the runs of `script`, which was started with `words`.
    pub(in crate::cli) fn run_spec(
        &self,
        options: &Options,
        script: &str,
        words: &[String],
    ) -> RunSpec {
        let key = self.client.config().key.as_ref();
        RunSpec {
            // They are stored. Most scripts refuse a key in an argument, but not all.
            script: redact_keys(script),
            arguments: words.iter().map(|word| redact_keys(word)).collect(),
            directory: env::current_dir().unwrap_or_default(),
            api_url: self.client.config().base_url.to_string(),
            sandbox: self.is_sandbox,
            zone: zone_name(&options.zone),
            shard: options.shard.map(|shard| shard.to_string()),
            decisions: options.decisions(),
            author: Author {
                script_sha256: None,
                os_user: user_name(),
                key_prefix: key.filter(|_| !self.is_sandbox).map(ApiKey::prefix),
            },
        }
    }

    /// Returns the settings of the host that runs `script`, which was started with `words`.
    pub(in crate::cli) fn host_settings(
        &self,
        options: Options,
        ledger: PathBuf,
        script: &str,
        words: &[String],
    ) -> HostSettings {
        HostSettings {
            client: self.client.clone(),
            assessment: self.assessment.clone(),
            locks: self.locks.clone(),
            run: self.run_spec(&options, script, words),
            options,
            ledger,
            arguments: Arguments::default(),
            memory: MemoryWatch::default(),
            permissions: ChangePermissions::default(),
            reading_rules: Arc::default(),
        }
    }
}
