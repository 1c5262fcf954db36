//! `send`: sends what a run of the ledger has not sent yet.

use std::rc::Rc;

use clap::Args;

use super::failure::Failure;
use super::options::{Connected, Connection, Sending, Sent};
use crate::bulk::{Counts, Course, End, Ended, Outcome, Stop};
use crate::error::{Error, ExitStatus};
use crate::ledger::{Ledger, RunId};
use crate::runtime::Runtime;
use crate::script::Console as _;

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
    /// The run, as `runs` lists it
    #[arg(value_name = "RUN")]
    run: RunId,

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
        let ledger = Rc::new(Ledger::open(&self.connection.ledger.path()?)?);
        ledger.run(self.run)?;
        let _hold = ledger.hold(self.run)?;
        // Read again: until it was held, another process may have sent or discarded it.
        let run = ledger.run(self.run)?;
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
        let outcome = Outcome::of(&ledger, self.run)?;
        let status = match &ended {
            Ok(ended) => status(ended.as_ref(), outcome.counts()),
            Err(error) => error.exit_status(),
        };
        if let Ok(Some(ended)) = &ended {
            terminal.report(ended, &outcome);
        }
        let sent = Sent::Run(self.run);
        self.sending
            .sum_up(sent, &connected, status, outcome.counts());
        let closed = connected.close();
        ended?;
        closed?;
        Ok(status)
    }
}

/// `None`: interrupted before anything was shown.
fn status(ended: Option<&Ended>, counts: Counts) -> ExitStatus {
    match ended.map(|ended| &ended.end) {
        None | Some(End::Stopped(Stop::Interrupted)) => ExitStatus::Interrupted,
        Some(End::Stopped(Stop::Refused(_) | Stop::NoAssessment { .. })) => ExitStatus::Refused,
        Some(End::Stopped(Stop::Outage { .. })) => ExitStatus::RowsFailed,
        Some(End::Rejected) => ExitStatus::Rejected,
        Some(End::Declined) => ExitStatus::NotConfirmed,
        Some(End::Sent) if counts.failed + counts.invalid > 0 => ExitStatus::RowsFailed,
        Some(End::Sent | End::DryRun) => ExitStatus::Success,
    }
}
