//! The options that `run` and its kind share: whom to talk to, and how.

use std::env;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use jiff::tz::TimeZone;

use super::numbers::integer_in;
use crate::api::{BaseUrl, Client, Config, Key};
use crate::bulk::Shard;
use crate::cli::output;
use crate::cli::terminal::NextCommands;
use crate::error::Error;
use crate::ledger::{Run, RunSpec};
use crate::runtime::Runtime;
use crate::sandbox::{self, Sandbox};
use crate::settings::{self, CONCURRENCY_RANGE, CliOverrides, Endpoint, RATE_RANGE, Settings};
use crate::text::escape_control;
use crate::time::zone_name;

#[derive(Debug, Args)]
pub(in crate::cli) struct ConnectionArgs {
    /// Rehearse against the built-in sandbox: no key needed, no email sent
    #[arg(long)]
    sandbox: bool,

    /// Take what the configuration file says in [profiles.NAME]; it beats the environment
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Id or name of the assessment [env: GRADIENT_ASSESSMENT_ID]
    #[arg(long, value_name = "ID_OR_NAME")]
    assessment: Option<String>,

    /// File that holds the API key, - for standard input; without it GRADIENT_API_KEY counts
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// Address of the API [env: GRADIENT_API_URL] [default: https://app.trygradient.ai]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    api_url: Option<String>,

    /// Certificates in PEM form to trust as well, as proxies of companies need it
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// Time zone of dates and of shown times, such as Europe/Berlin [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,

    /// Take INSTANT for the current time, to rehearse deadlines
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,

    /// Requests in flight at once [default: 16]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<u16>(u64::from(*CONCURRENCY_RANGE.start())..=u64::from(*CONCURRENCY_RANGE.end())))]
    concurrency: Option<u16>,

    /// Longest time for one request, in seconds
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, default_value = "30", value_parser = seconds)]
    timeout: Duration,

    /// Requests per second, at most; 0.5 is one in two seconds [default: no limit]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = per_second)]
    rate: Option<f64>,

    /// How often to repeat a request that fails for a reason that may pass
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 5, value_parser = integer_in::<u32>(0..=100))]
    max_retries: u32,

    #[command(flatten)]
    pub(in crate::cli) ledger: LedgerArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LedgerArgs {
    /// The ledger, which keeps what was planned and sent [default: in this user's state directory]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ledger: Option<PathBuf>,
}

impl LedgerArgs {
    pub(in crate::cli) fn path(&self) -> Result<PathBuf, Error> {
        Ok(settings::ledger(self.ledger.as_deref())?)
    }

    /// How the commands are called that go on with a run of this ledger.
    pub(in crate::cli) fn commands(&self) -> NextCommands {
        NextCommands {
            ledger: self.ledger.clone(),
            profile: None,
        }
    }
}

/// Says what should not stay as it is.
fn print_warnings(settings: Settings) -> Settings {
    for warning in &settings.warnings {
        output::note(&escape_control(&format!(
            "warning: {warning}\n  hint: {}",
            warning.hint()
        )));
    }
    settings
}

fn per_second(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|rate| RATE_RANGE.contains(rate))
        .ok_or_else(|| "a number of requests per second from 0.01 to 10000 is needed".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| (0.001..=86_400.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "a number of seconds from 0.001 to 86400 is needed".to_owned())
}

impl ConnectionArgs {
    pub(in crate::cli) fn settings(&self) -> Result<Settings, Error> {
        Ok(print_warnings(self.settings_without_warnings()?))
    }

    /// The same, where somebody else tells what should not stay as it is.
    pub(in crate::cli) fn settings_without_warnings(&self) -> Result<Settings, Error> {
        Ok(Settings::resolve(&self.overrides())?)
    }

    /// Settings to send the rest of `run`, which knows where it goes and to what.
    pub(in crate::cli) fn settings_for_run(&self, run: &Run) -> Result<Settings, Error> {
        Ok(print_warnings(Settings::for_run(&self.overrides(), run)?))
    }

    /// How the commands are called that go on with a run of this connection.
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
            timeout: self.timeout,
            rate: self.rate,
            max_retries: self.max_retries,
            ledger: self.ledger.ledger.clone(),
        }
    }
}

/// A client, and what must be let go of after its last request.
pub(in crate::cli) struct ApiConnection {
    pub(in crate::cli) client: Client,
    pub(in crate::cli) assessment: Option<String>,
    sandbox: Option<Sandbox>,
    runtime: Rc<Runtime>,
}

impl ApiConnection {
    /// Prepares the client that `settings` ask for, and with it the sandbox, if that is meant.
    pub(in crate::cli) fn open(settings: &Settings, runtime: &Rc<Runtime>) -> Result<Self, Error> {
        let (base_url, key, ca_certificates, assessment, sandbox) = match &settings.endpoint {
            Endpoint::Api {
                base_url,
                key,
                ca_certificates,
            } => {
                let assessment = settings.assessment.clone();
                let ca_certificates = ca_certificates.clone();
                (
                    base_url.clone(),
                    key.clone(),
                    ca_certificates,
                    assessment,
                    None,
                )
            }
            Endpoint::Sandbox(home) => {
                let sandbox = runtime.wait(sandbox::attach(home))?;
                let base_url = BaseUrl::parse(sandbox.base_url())?;
                let key = Key::parse(sandbox::KEY)?;
                let default = || sandbox::ASSESSMENT.to_owned();
                let assessment = settings.assessment.clone().unwrap_or_else(default);
                (base_url, Some(key), None, Some(assessment), Some(sandbox))
            }
        };
        Ok(Self {
            client: Client::new(Config {
                base_url,
                key,
                ca_certificates,
                timeout: settings.timeout,
                concurrency: settings.concurrency,
                rate: settings.rate,
                max_retries: settings.max_retries,
            }),
            assessment,
            sandbox,
            runtime: Rc::clone(runtime),
        })
    }

    /// Returns where invitations go, as a person knows it.
    pub(in crate::cli) fn endpoint(&self) -> String {
        if self.is_sandbox() {
            return "the sandbox".to_owned();
        }
        self.client.config().base_url.host()
    }

    /// Returns the beginning of the key, where it counts.
    pub(in crate::cli) fn key_prefix(&self) -> Option<String> {
        let key = self.client.config().key.as_ref();
        key.filter(|_| !self.is_sandbox()).map(Key::prefix)
    }

    pub(in crate::cli) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Describes to the ledger a run of `script` that goes over this connection.
    pub(in crate::cli) fn new_run(
        &self,
        script: String,
        arguments: Vec<String>,
        zone: &TimeZone,
        shard: Option<Shard>,
    ) -> RunSpec {
        RunSpec {
            script,
            arguments,
            directory: env::current_dir().unwrap_or_default(),
            api_url: self.client.config().base_url.to_string(),
            sandbox: self.is_sandbox(),
            zone: zone_name(zone),
            shard: shard.map(|shard| shard.to_string()),
        }
    }

    /// Ends the use of the sandbox. Where other processes use this one's server, it is served on until they end, or
    /// until an interrupt; that is told.
    pub(in crate::cli) fn close(self) -> Result<(), Error> {
        let notify = || {
            output::note("another process still uses this one's sandbox; Ctrl-C leaves at once");
        };
        if let Some(sandbox) = self.sandbox {
            self.runtime
                .wait_unless_interrupted(sandbox.release(notify))
                .transpose()?;
        }
        Ok(())
    }
}
