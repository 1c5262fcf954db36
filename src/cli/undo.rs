//! `undo`: revokes what a run has created.

use std::rc::Rc;

use clap::Args;
use serde::Serialize;

use super::command_error::CommandError;
use super::options::{ApiConnection, ConnectionArgs, RunSelector, SendArgs, SummarySource};
use super::output;
use super::send::to_script_end;
use crate::bulk::{Counts, Outcome, PlanExecutor, Retry, ScoreCounts};
use crate::change_kind::ChangeKind;
use crate::error::ExitStatus;
use crate::file_access::Stdin;
use crate::ledger::RunId;
use crate::runtime::Runtime;
use crate::script::Console as _;

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk undo 12 --dry-run                    who would lose the invitation, and who keeps it
  gradient-bulk undo 12                              asks, and you type the number of sessions
  gradient-bulk undo 12 --yes --max-changes 40       without a terminal";

/// Revoke what a run has created: delete the sessions that nobody has opened
///
/// Candidates who have begun keep their sessions, and so do those who had one before the run. The links of deleted sessions
/// stop working, but an email cannot be unsent. This is a run of its own: `send` continues with it.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Undo {
    /// Number of the run, as `runs` lists it, or `last` for the newest
    #[arg(value_name = "RUN")]
    run: RunSelector,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    sending: SendArgs,
}

/// The results in the object of `--json`.
#[derive(Serialize)]
struct UndoSummary {
    /// The new run.
    run: RunId,
    #[serde(flatten)]
    counts: Counts,
}

impl Undo {
    pub(super) fn run(self, stdin: &Stdin) -> Result<ExitStatus, CommandError> {
        let (ledger, undone) = self.run.find(&self.connection.ledger.path()?)?;
        let _undone_lock = ledger.lock_run(undone.id)?;
        // Before the lock was taken, another process may have sent more of it.
        let undone = ledger.run(undone.id)?;
        let settings = self.connection.settings_for_run(&undone)?;
        settings
            .restrictions
            .check_run(undone.id, ChangeKind::Revoke)?;
        let options = self.sending.options(&settings, None)?;
        let runtime = Rc::new(Runtime::start()?);
        let status = ApiConnection::with(&settings, &runtime, |api_connection| {
            let commands = self.connection.commands();
            let terminal =
                self.sending
                    .terminal(&runtime, api_connection, options.clone(), commands, stdin);
            let words = [undone.id.to_string()];
            let ledger_path = settings.ledger.clone();
            let host_settings =
                api_connection.host_settings(options.clone(), ledger_path, "undo", &words);
            let executor = PlanExecutor {
                ledger: &ledger,
                client: &api_connection.client,
                runtime: &runtime,
                frontend: &terminal,
                options: &options,
                locks: &api_connection.locks,
                own_runs: &[],
            };
            let run = ledger.create_run(ChangeKind::Revoke, &host_settings.run)?;
            let _run_lock = ledger.lock_run(run)?;
            let plan = executor.plan_undo(&undone, run).inspect_err(|error| {
                // The first error counts.
                let _ = ledger.abandon(run, &error.to_string());
            })?;
            let ended = plan.map(|plan| executor.execute(&plan, Retry::default()));
            let ended = ended.transpose()?;
            let outcome = Outcome::of(&ledger, run)?;
            if let Some(ended) = &ended {
                terminal.report(ended, &outcome);
            } else {
                ledger.abandon(run, "interrupted during planning")?;
            }
            let counts = outcome.counts();
            let ended = to_script_end(ended.as_ref());
            let status = ExitStatus::for_end(ended, counts, ScoreCounts::default());
            let results = UndoSummary { run, counts };
            let source = SummarySource::Undo(undone.id);
            let written = self.sending.print_summary(
                source,
                api_connection,
                &terminal,
                status,
                results,
                None,
            );
            output::finish(Ok(status), written)
        })?;
        Ok(status)
    }
}
