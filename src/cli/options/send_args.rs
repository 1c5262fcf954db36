//! The options that `run` and `send` share: what is agreed to beforehand, and how much is said.

use std::rc::Rc;

use clap::Args;
use serde::Serialize;

use super::connection::ApiConnection;
use super::numbers::integer_in;
use crate::bulk::{Options, Shard};
use crate::cli::output::{self, Streams, Verbosity};
use crate::cli::terminal::{NextCommands, Terminal, TerminalConfig};
use crate::error::ExitStatus;
use crate::ledger::RunId;
use crate::runtime::Runtime;
use crate::settings::Settings;

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag of the command line is a bool"
)]
pub(in crate::cli) struct SendArgs {
    /// Send without asking
    #[arg(short, long)]
    yes: bool,

    /// Plan and show, but send and write nothing; `send` can send the plan later
    #[arg(long)]
    dry_run: bool,

    /// Send the first N only, and keep the rest for `send`
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<u64>(1..=u64::MAX))]
    first: Option<u64>,

    /// Reject a plan that invites more than N
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<u64>(0..=u64::MAX))]
    max_invites: Option<u64>,

    /// Leave invalid rows out, instead of rejecting the plan
    #[arg(long)]
    skip_invalid: bool,

    /// Invite those who have finished again, to a second attempt
    #[arg(long)]
    again: bool,

    /// Print one JSON object at the end, what a script prints to standard error; none where nothing began, as by a wrong option
    #[arg(long)]
    json: bool,

    /// Show nothing but results and errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Show every answer
    #[arg(short, long, overrides_with = "verbose")]
    verbose: bool,
}

/// What a command was asked to send.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum SummarySource<'a> {
    /// What this script plans.
    Script(&'a str),
    /// The rest of this run.
    Run(RunId),
}

/// What `--json` prints; `R` is what came of it.
#[derive(Serialize)]
struct Summary<'a, R> {
    #[serde(flatten)]
    sent: SummarySource<'a>,
    sandbox: bool,
    api_url: String,
    dry_run: bool,
    exit_status: u8,
    #[serde(flatten)]
    results: R,
}

impl SendArgs {
    /// Says at the end of a command with these options what `--json` asks for, and that it was interrupted.
    pub(in crate::cli) fn print_summary(
        &self,
        sent: SummarySource,
        api_connection: &ApiConnection,
        status: ExitStatus,
        results: impl Serialize,
    ) {
        if self.json {
            let summary = Summary {
                sent,
                sandbox: api_connection.is_sandbox(),
                api_url: api_connection.client.config().base_url.to_string(),
                dry_run: self.dry_run,
                exit_status: status.code(),
                results,
            };
            output::print(&serde_json::to_string(&summary).unwrap_or_default());
        }
        if status == ExitStatus::Interrupted {
            output::note("interrupted");
        }
    }

    /// The terminal of a command with these options, which sends by `api_connection`.
    pub(in crate::cli) fn terminal(
        &self,
        runtime: &Rc<Runtime>,
        api_connection: &ApiConnection,
        options: Options,
        commands: NextCommands,
    ) -> Terminal {
        let verbosity = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, false) => Verbosity::Normal,
            (false, true) => Verbosity::Verbose,
        };
        let terminal_config = TerminalConfig {
            streams: Streams::Process,
            verbosity,
            json: self.json,
            auto_confirm: self.yes || api_connection.is_sandbox(),
            endpoint: api_connection.endpoint(),
            key: api_connection.key_prefix(),
            options,
            commands,
        };
        Terminal::new(Rc::clone(runtime), terminal_config)
    }

    pub(in crate::cli) fn options(&self, settings: &Settings, shard: Option<Shard>) -> Options {
        Options {
            zone: settings.zone.clone(),
            clock: settings.now.into(),
            concurrency: settings.concurrency,
            dry_run: self.dry_run,
            first: self.first,
            max_invites: self.max_invites,
            skip_invalid: self.skip_invalid,
            again: self.again,
            shard,
            report_all: self.verbose,
        }
    }
}
