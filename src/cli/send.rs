//! `send`: sends what a run of the ledger has not sent yet.

use std::rc::Rc;

use clap::Args;

use super::command_error::CommandError;
use super::options::{ApiConnection, ConnectionArgs, RunSelector, SendArgs, SummarySource};
use crate::bulk::{ExecutionResult, Outcome, PlanExecutor, ScoreCounts};
use crate::error::{Error, ExitStatus};
use crate::runtime::Runtime;
use crate::script::{self, Console as _, Termination};

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk send 12               what run 12 has not sent
  gradient-bulk send 12 --failed      and what has failed";

/// Send what a run has not sent yet: after a dry run, --first, Ctrl-C or a crash
///
/// Host and assessment are the run's. Who has a session meanwhile is looked up again, and you are asked again.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Send {
    /// The run, as `runs` lists it, or `last` for the newest
    #[arg(value_name = "RUN")]
    run: RunSelector,

    /// Take up rows that failed, too
    #[arg(long)]
    failed: bool,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    send_args: SendArgs,
}

impl Send {
    pub(super) fn run(self) -> Result<ExitStatus, CommandError> {
        let (ledger, run) = self.run.find(&self.connection.ledger.path()?)?;
        let _run_lock = ledger.lock_run(run.id)?;
        // Read again: until it was held, another process may have sent or discarded it.
        let run = ledger.run(run.id)?;
        let settings = self.connection.settings_for_run(&run)?;
        let runtime = Rc::new(Runtime::start().map_err(Error::Start)?);
        let api_connection = ApiConnection::open(&settings, &runtime)?;
        let options = self.send_args.options(&settings, None);
        let commands = self.connection.commands();
        let terminal =
            self.send_args
                .terminal(&runtime, &api_connection, options.clone(), commands);
        let executor = PlanExecutor {
            ledger: &ledger,
            client: &api_connection.client,
            runtime: &runtime,
            frontend: &terminal,
            options: &options,
        };
        let ended = executor.resume_run(&run, self.failed).map_err(Error::from);
        let outcome = Outcome::of(&ledger, run.id);
        if let (Ok(Some(ended)), Ok(outcome)) = (&ended, &outcome) {
            terminal.report(ended, outcome);
        }
        let counts = outcome.map(|outcome| outcome.counts());
        let ended = ended.map(|ended| to_script_end(ended.as_ref()));
        let status = ExitStatus::for_script(&ended, &counts, ScoreCounts::default());
        let results = counts.as_ref().copied().unwrap_or_default();
        self.send_args
            .print_summary(SummarySource::Run(run.id), &api_connection, status, results);
        let closed = api_connection.close();
        ended?;
        counts?;
        closed?;
        Ok(status)
    }
}

/// How a script ends whose plan ended so; `None`: interrupted before anything was shown.
fn to_script_end(ended: Option<&ExecutionResult>) -> script::Ended {
    let ending = match ended {
        None => Some(Termination::Interrupted),
        Some(ended) => Termination::of(&ended.status),
    };
    ending.map_or(script::Ended::Finished, script::Ended::Early)
}
