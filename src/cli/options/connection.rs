//! The options that say which API to talk to and how, and the connection that they lead to.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::value_parsers::{integer_in, seconds_in};
use crate::api::{ApiKey, BaseUrl, Client, Config, RequestLimits};
use crate::bulk::{AssessmentLocks, Options, user_name};
use crate::change_kind::ChangePermissions;
use crate::cli::output::{self, Streams, Verbosity};
use crate::cli::terminal::{NextCommands, TerminalConfig};
use crate::error::Error;
use crate::file_access::Stdin;
use crate::ledger::{Author, Run, RunSpec};
use crate::memory::MemoryWatch;
use crate::process_limits::{self, BASE_OPEN_FILES};
use crate::runtime::{Runtime, StartError};
use crate::sandbox::{self, Sandbox};
use crate::script::{Arguments, HostSettings};
use crate::settings::{self, CONCURRENCY_RANGE, CliOverrides, Endpoint, RATE_RANGE, Settings};
use crate::text::{escape_control, redact_keys};
use crate::time::zone_name;

#[derive(Debug, Args)]
pub(in crate::cli) struct ConnectionArgs {
    /// Rehearse against the built-in sandbox: no key needed, no email sent
    #[arg(long)]
    sandbox: bool,

    /// Use [profiles.NAME] of the configuration file; it overrides the environment
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// ID or name of the assessment [env: GRADIENT_ASSESSMENT_ID]
    #[arg(long, value_name = "ID_OR_NAME")]
    assessment: Option<String>,

    /// Read the API key from FILE, - for standard input; without it, the variable GRADIENT_API_KEY is read
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// Address of the API [env: GRADIENT_API_URL] [default: https://app.trygradient.ai]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    api_url: Option<String>,

    /// Trust the certificates in this PEM file as well, for example those of a company proxy
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Time zone of dates and displayed times, such as Europe/Berlin [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,

    /// Use INSTANT as the current time, to rehearse deadlines
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,

    /// Maximum number of requests in flight [default: 16]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<u16>(u64::from(*CONCURRENCY_RANGE.start())..=u64::from(*CONCURRENCY_RANGE.end())))]
    concurrency: Option<u16>,

    /// Maximum time for one request, in seconds
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, default_value = "30", value_parser = seconds_in(0.001..=86_400.0))]
    timeout: Duration,

    /// Maximum number of requests per second; 0.5 is one every two seconds [default: no limit]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = per_second)]
    rate: Option<f64>,

    /// Maximum number of retries of a request that failed for a temporary reason
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = RequestLimits::default().max_retries, value_parser = integer_in::<u32>(0..=100))]
    max_retries: u32,

    #[command(flatten)]
    pub(in crate::cli) ledger: LedgerArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LedgerArgs {
    /// File that records what was planned and sent [default: in your state directory]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl LedgerArgs {
    pub(in crate::cli) fn path(&self) -> Result<PathBuf, Error> {
        Ok(settings::ledger(self.ledger.as_deref())?)
    }

    /// Returns how follow-up commands for a run of this ledger are spelled.
    pub(in crate::cli) fn commands(&self) -> NextCommands {
        NextCommands {
            ledger: self.ledger.clone(),
            profile: None,
        }
    }
}

fn per_second(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|rate| RATE_RANGE.contains(rate))
        .ok_or_else(|| "a number of requests per second from 0.01 to 10000 is needed".to_owned())
}

impl ConnectionArgs {
    /// Resolves the settings and prints their warnings.
    pub(in crate::cli) fn settings(&self) -> Result<Settings, Error> {
        Ok(print_warnings(self.settings_without_warnings()?))
    }

    /// Resolves the settings, for a caller that shows their warnings itself.
    pub(in crate::cli) fn settings_without_warnings(&self) -> Result<Settings, Error> {
        Ok(self.with_limits(Settings::resolve(&self.overrides())?))
    }

    /// Resolves the settings to send the rest of `run`, which determines the endpoint and the assessment.
    pub(in crate::cli) fn settings_for_run(&self, run: &Run) -> Result<Settings, Error> {
        let settings = Settings::for_run(&self.overrides(), run)?;
        Ok(print_warnings(self.with_limits(settings)))
    }

    /// Returns how follow-up commands for a run over this connection are spelled.
    pub(in crate::cli) fn commands(&self) -> NextCommands {
        NextCommands {
            profile: self.profile.clone(),
            ..self.ledger.commands()
        }
    }

    fn overrides(&self) -> CliOverrides {
        CliOverrides {
            sandbox: self.sandbox,
            profile: self.profile.clone(),
            api_url: self.api_url.clone(),
            assessment: self.assessment.clone(),
            api_key_file: self.api_key_file.clone(),
            ca_file: self.ca_file.clone(),
            tz: self.tz.clone(),
            now: self.now.clone(),
            concurrency: self.concurrency,
            rate: self.rate,
            ledger: self.ledger.ledger.clone(),
        }
    }

    /// Sets the limits that no profile or variable can set.
    fn with_limits(&self, mut settings: Settings) -> Settings {
        settings.limits.timeout = self.timeout;
        settings.limits.max_retries = self.max_retries;
        settings
    }
}

fn print_warnings(settings: Settings) -> Settings {
    for warning in &settings.warnings {
        output::note(&escape_control(&format!(
            "warning: {warning}\n  hint: {}",
            warning.hint()
        )));
    }
    settings
}

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
                let base_url = BaseUrl::parse(sandbox.base_url())?;
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
