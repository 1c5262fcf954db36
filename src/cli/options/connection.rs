//! The options that say which API to talk to, and how.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::value_parsers::{integer_in, seconds_in};
use crate::api::RequestLimits;
use crate::cli::output;
use crate::cli::terminal::NextCommands;
use crate::error::Error;
use crate::ledger::Run;
use crate::settings::{self, CONCURRENCY_RANGE, CliOverrides, RATE_RANGE, Settings};
use crate::text::escape_control;

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

/// For commands whose result depends on the time.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct ClockArgs {
    /// Use INSTANT as the current time, to rehearse deadlines
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,
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
    pub(in crate::cli) fn settings(&self, clock: &ClockArgs) -> Result<Settings, Error> {
        Ok(print_warnings(self.settings_without_warnings(clock)?))
    }

    /// Resolves the settings, for a caller that shows their warnings itself.
    pub(in crate::cli) fn settings_without_warnings(
        &self,
        clock: &ClockArgs,
    ) -> Result<Settings, Error> {
        Ok(self.with_limits(Settings::resolve(&self.overrides(clock))?))
    }

    /// Resolves the settings to send the rest of `run`, which determines the endpoint and the assessment.
    pub(in crate::cli) fn settings_for_run(
        &self,
        clock: &ClockArgs,
        run: &Run,
    ) -> Result<Settings, Error> {
        let settings = Settings::for_run(&self.overrides(clock), run)?;
        Ok(print_warnings(self.with_limits(settings)))
    }

    /// Returns how follow-up commands for a run over this connection are spelled.
    pub(in crate::cli) fn commands(&self) -> NextCommands {
        NextCommands {
            profile: self.profile.clone(),
            ..self.ledger.commands()
        }
    }

    fn overrides(&self, clock: &ClockArgs) -> CliOverrides {
        CliOverrides {
            sandbox: self.sandbox,
            profile: self.profile.clone(),
            api_url: self.api_url.clone(),
            assessment: self.assessment.clone(),
            api_key_file: self.api_key_file.clone(),
            ca_file: self.ca_file.clone(),
            tz: self.tz.clone(),
            now: clock.now.clone(),
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
