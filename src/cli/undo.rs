//! `undo`: revokes what a run has created.

use std::rc::Rc;

use clap::Args;

use super::command_error::CommandError;
use super::options::{ClockArgs, ConnectionArgs, InviteArgs, RunSelector, SendArgs, SummarySource};
use super::send::StoredRunCommand;
use crate::bulk::{Retry, check_undoable};
use crate::change_kind::ChangeKind;
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::runtime::Runtime;

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
    /// Number of the run, as `runs` lists it, or `last` for the newest, not counting revocations
    #[arg(value_name = "RUN")]
    run: RunSelector,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    sending: SendArgs,
}

impl Undo {
    pub(super) fn run(self, stdin: &Stdin) -> Result<ExitStatus, CommandError> {
        let path = self.connection.ledger.path()?;
        let (ledger, undone) = self.run.find_except(&path, Some(ChangeKind::Revoke))?;
        let runtime = Rc::new(Runtime::start()?);
        let Some(_undone_lock) = self.sending.lock_run(&ledger, undone.id, &runtime)? else {
            return Ok(ExitStatus::Interrupted);
        };
        // Before the lock was taken, another process may have sent more of it.
        let undone = ledger.run(undone.id)?;
        check_undoable(&undone).map_err(Error::from)?;
        let settings = self
            .connection
            .settings_for_run(&ClockArgs::default(), &undone)?;
        settings
            .restrictions
            .check_run(undone.id, ChangeKind::Revoke)?;
        let command = StoredRunCommand {
            run: &undone,
            connection: &self.connection,
            sending: &self.sending,
            inviting: InviteArgs::default(),
            settings: &settings,
            runtime: &runtime,
            ledger: &ledger,
        };
        let source = Some(SummarySource::Undo(undone.id));
        command.execute(source, stdin, |executor, api_connection| {
            let words = [undone.id.to_string()];
            let spec = api_connection.run_spec(executor.options, "undo", &words);
            let run = ledger.create_run(ChangeKind::Revoke, &spec)?;
            let _run_lock = ledger.lock_run(run)?;
            let abandon = |reason: &str| {
                ledger
                    .abandon(run, reason)
                    .map(|is_kept| is_kept.then_some(run))
            };
            match executor.plan_undo(&undone, run) {
                Ok(Some(plan)) => {
                    let ended = executor.execute(&plan, Retry::default());
                    let ended = ended.map(Some).map_err(Error::from);
                    // There is nothing to see in a run without rows.
                    if plan.total == 0 {
                        ledger.delete_run(run)?;
                        return Ok((None, ended));
                    }
                    Ok((Some(run), ended))
                }
                Ok(None) => Ok((abandon("interrupted during planning")?, Ok(None))),
                // The first error counts.
                Err(error) => {
                    let kept = abandon(&error.to_string()).unwrap_or_default();
                    Ok((kept, Err(error.into())))
                }
            }
        })
    }
}
