//! The options that `run`, `send` and `undo` share: what to send, what to confirm, and how much to print.

use std::rc::Rc;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::api_connection::ApiConnection;
use super::limit_args::{InviteLimitArgs, LimitArgs};
use super::lock_args::LockArgs;
use super::value_parsers::integer_in;
use crate::bulk::{
    self, ChangeLimit, DifferenceGroup, InterpretationGroup, NeverInvite, Options, Shard, lock_run,
};
use crate::cli::output::{self, Verbosity};
use crate::cli::terminal::{NextCommands, Terminal, TerminalConfig};
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::ledger::{Ledger, RunId, RunLock};
use crate::runtime::Runtime;
use crate::settings::{SettingOrigin, Settings};
use crate::text::to_json;

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag of the command line is a bool"
)]
pub(in crate::cli) struct SendArgs {
    /// Send without asking
    #[arg(short, long)]
    yes: bool,

    /// Plan and show, but do not send or write anything; `send` can send the plan later
    #[arg(long)]
    dry_run: bool,

    /// Send only the first N, and keep the rest for `send`
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<u64>(1..=u64::MAX))]
    first: Option<u64>,

    #[command(flatten)]
    limits: LimitArgs,

    #[command(flatten)]
    lock: LockArgs,

    /// Print one JSON object at the end; the output of the script goes to standard error. Prints nothing if the command cannot start
    #[arg(long)]
    json: bool,

    /// Print only results and errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,

    /// Print the result of every row
    #[arg(short, long, overrides_with = "verbose")]
    verbose: bool,
}

/// The options of commands that may invite.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(in crate::cli) struct InviteArgs {
    #[command(flatten)]
    pub(in crate::cli) limits: InviteLimitArgs,

    /// Skip invalid rows instead of rejecting the plan
    #[arg(long)]
    pub(in crate::cli) skip_invalid: bool,

    /// Invite candidates again even if they have finished, which opens a second attempt; score sessions again
    #[arg(long)]
    pub(in crate::cli) again: bool,
}

/// What a command was asked to send, unless it is the rest of a run.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum SummarySource<'a> {
    /// What this script plans.
    Script(&'a str),
    /// What undoes this run.
    Undo(RunId),
}

/// The object that `--json` prints.
#[derive(Serialize)]
struct Summary<'a, R> {
    #[serde(flatten)]
    source: Option<SummarySource<'a>>,
    sandbox: bool,
    api_url: String,
    dry_run: bool,
    exit_status: u8,
    /// Values that were read in a way that a person should see.
    interpretations: Vec<InterpretationGroup>,
    /// Sessions that differ from what was asked for.
    differences: Vec<DifferenceGroup>,
    /// How many candidates are invited although the API sent no link.
    without_link: u64,
    #[serde(flatten)]
    results: R,
    error: Option<String>,
}

impl SendArgs {
    /// Prints the object of `--json` at the end of a command, which may have ended with `error`, and that it was interrupted.
    pub(in crate::cli) fn print_summary(
        &self,
        source: Option<SummarySource>,
        api_connection: &ApiConnection,
        terminal: &Terminal,
        status: ExitStatus,
        results: impl Serialize,
        error: Option<&Error>,
    ) -> Result<(), Error> {
        let mut written = Ok(());
        if self.json {
            let summary = Summary {
                source,
                sandbox: api_connection.is_sandbox,
                api_url: api_connection.client.config().base_url.to_string(),
                dry_run: self.dry_run,
                exit_status: status.code(),
                interpretations: terminal.interpretations(),
                differences: terminal.differences(),
                without_link: terminal.without_link(),
                results,
                error: match error {
                    Some(error) => Some(error.to_string()),
                    None => terminal.failure().or(status.reason().map(str::to_owned)),
                },
            };
            written = output::print(&to_json(&summary).unwrap_or_default());
        }
        if status == ExitStatus::Interrupted {
            output::note("interrupted");
        }
        written
    }

    pub(in crate::cli) fn terminal(
        &self,
        runtime: &Rc<Runtime>,
        api_connection: &ApiConnection,
        options: Options,
        commands: NextCommands,
        stdin: &Stdin,
    ) -> Terminal {
        let config = TerminalConfig {
            verbosity: match (self.quiet, self.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, false) => Verbosity::Normal,
                (false, true) => Verbosity::Verbose,
            },
            json: self.json,
            auto_confirm: self.yes || api_connection.is_sandbox,
            ..api_connection.terminal_config(options, commands, stdin)
        };
        Terminal::new(Rc::clone(runtime), config)
    }

    /// Locks a run, and waits for another process as long as the user asks for. Returns `None` if the user interrupts it.
    pub(in crate::cli) fn lock_run(
        &self,
        ledger: &Ledger,
        run: RunId,
        runtime: &Runtime,
    ) -> Result<Option<RunLock>, Error> {
        let run_lock = lock_run(ledger, run, self.lock.wait_lock, runtime, |error| {
            output::note(&format!("waiting: {error}; Ctrl-C ends the wait"));
        })?;
        if run_lock.is_none() {
            output::note("interrupted");
        }
        Ok(run_lock)
    }

    /// Returns the options, as far as the configuration file permits them.
    pub(in crate::cli) fn options(
        &self,
        settings: &Settings,
        invite_args: InviteArgs,
        shard: Option<Shard>,
    ) -> Result<Options, Error> {
        Ok(Options {
            dry_run: self.dry_run,
            first: self.first,
            skip_invalid: invite_args.skip_invalid,
            again: invite_args.again,
            shard,
            report_all: self.verbose,
            wait_lock: self.lock.wait_lock,
            ..restricted_options(settings, self.limits, invite_args.limits)?
        })
    }
}

/// Returns the options that the configuration file sets. Reads the list of addresses that are never invited, so that nothing
/// begins without it.
pub(in crate::cli) fn restricted_options(
    settings: &Settings,
    limits: LimitArgs,
    invite_limits: InviteLimitArgs,
) -> Result<Options, Error> {
    let restrictions = &settings.restrictions;
    let never_invite = restrictions.never_invite.as_ref();
    let never_invite = never_invite
        .map(|(path, origin)| NeverInvite::read(path.clone(), origin.to_string()))
        .transpose()
        .map_err(bulk::Error::from)?;
    let limit = |(allowed, origin): (u64, SettingOrigin)| ChangeLimit {
        allowed,
        is_option: matches!(origin, SettingOrigin::Option(_)),
        origin: origin.to_string(),
    };
    Ok(Options {
        max_invites: restrictions
            .max_invites(invite_limits.max_invites)?
            .map(limit),
        max_changes: restrictions.max_changes(limits.max_changes)?.map(limit),
        never_invite: never_invite.map(Arc::new),
        ..Options::new(settings.zone.clone(), settings.now.into())
    })
}
