//! `send`: sends what a run of the ledger has not sent yet.

use std::rc::Rc;

use clap::Args;

use super::failure::Failure;
use super::options::{Connected, Connection, RunGiven, Sending, Sent};
use crate::bulk::{Course, Ended, Outcome, ScoreCounts};
use crate::error::{Error, ExitStatus};
use crate::runtime::Runtime;
use crate::script::{self, Console as _, Ending};

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
    run: RunGiven,

    /// Take up rows that failed, too
    #[arg(long)]
    failed: bool,

    #[command(flatten)]
    connection: Connection,

    #[command(flatten)]
    sending: Sending,
}

impl Send {
    pub(super) fn run(self) -> Result<ExitStatus, Failure> {
        let (ledger, run) = self.run.find(&self.connection.ledger.path()?)?;
        let _hold = ledger.hold(run.id)?;
        // Read again: until it was held, another process may have sent or discarded it.
        let run = ledger.run(run.id)?;
        let settings = self.connection.settings_of(&run)?;
        let runtime = Rc::new(Runtime::start().map_err(Error::Start)?);
        let connected = Connected::open(&settings, &runtime)?;
        let options = self.sending.options(&settings, None);
        let commands = self.connection.commands();
        let terminal = self
            .sending
            .terminal(&runtime, &connected, options.clone(), commands);
        let course = Course {
            ledger: &ledger,
            client: &connected.client,
            runtime: &runtime,
            overseer: &terminal,
            options: &options,
        };
        let ended = course.take_up(&run, self.failed).map_err(Error::from);
        let outcome = Outcome::of(&ledger, run.id);
        if let (Ok(Some(ended)), Ok(outcome)) = (&ended, &outcome) {
            terminal.report(ended, outcome);
        }
        let counts = outcome.map(|outcome| outcome.counts());
        let ended = ended.map(|ended| as_script(ended.as_ref()));
        let status = ExitStatus::of_script(&ended, &counts, ScoreCounts::default());
        let results = counts.as_ref().copied().unwrap_or_default();
        self.sending
            .sum_up(Sent::Run(run.id), &connected, status, results);
        let closed = connected.close();
        ended?;
        counts?;
        closed?;
        Ok(status)
    }
}

/// How a script ends whose plan ended so; `None`: interrupted before anything was shown.
fn as_script(ended: Option<&Ended>) -> script::Ended {
    let ending = match ended {
        None => Some(Ending::Interrupted),
        Some(ended) => Ending::of(&ended.end),
    };
    ending.map_or(script::Ended::Finished, script::Ended::Early)
}
