//! The options that `run` and `send` share: what is agreed to beforehand, and how much is said.

use std::rc::Rc;

use clap::Args;
use serde::Serialize;

use super::connection::Connected;
use super::numbers::whole;
use crate::bulk::{Options, Shard};
use crate::cli::output::{self, Streams, Talk};
use crate::cli::terminal::{Commands, Occasion, Terminal};
use crate::error::ExitStatus;
use crate::ledger::RunId;
use crate::runtime::Runtime;
use crate::settings::Settings;

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag of the command line is a bool"
)]
pub(in crate::cli) struct Sending {
    /// Send without asking
    #[arg(short, long)]
    yes: bool,

    /// Plan and show, but send and write nothing; `send` can send the plan later
    #[arg(long)]
    dry_run: bool,

    /// Send the first N only, and keep the rest for `send`
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>(1..=u64::MAX))]
    first: Option<u64>,

    /// Reject a plan that invites more than N
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>(0..=u64::MAX))]
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
pub(in crate::cli) enum Sent<'a> {
    /// What this script plans.
    Script(&'a str),
    /// The rest of this run.
    Run(RunId),
}

/// What `--json` prints; `R` is what came of it.
#[derive(Serialize)]
struct Summary<'a, R> {
    #[serde(flatten)]
    sent: Sent<'a>,
    sandbox: bool,
    api_url: String,
    dry_run: bool,
    exit_status: u8,
    #[serde(flatten)]
    results: R,
}

impl Sending {
    /// Says at the end of a command with these options what `--json` asks for, and that it was interrupted.
    pub(in crate::cli) fn sum_up(
        &self,
        sent: Sent,
        connected: &Connected,
        status: ExitStatus,
        results: impl Serialize,
    ) {
        if self.json {
            let summary = Summary {
                sent,
                sandbox: connected.is_sandbox(),
                api_url: connected.client.config().base_url.to_string(),
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

    /// The terminal of a command with these options, which sends by `connected`.
    pub(in crate::cli) fn terminal(
        &self,
        runtime: &Rc<Runtime>,
        connected: &Connected,
        options: Options,
        commands: Commands,
    ) -> Terminal {
        let talk = match (self.quiet, self.verbose) {
            (true, _) => Talk::Quiet,
            (false, false) => Talk::Normal,
            (false, true) => Talk::Verbose,
        };
        let occasion = Occasion {
            streams: Streams::Process,
            talk,
            json: self.json,
            agreed: self.yes || connected.is_sandbox(),
            place: connected.place(),
            key: connected.key_prefix(),
            options,
            commands,
        };
        Terminal::new(Rc::clone(runtime), occasion)
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
