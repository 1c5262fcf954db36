//! `send`: sends the rows of a run that are not sent yet.

use std::rc::Rc;

use clap::Args;
use serde::Serialize;

use super::command_error::CommandError;
use super::options::{
    ApiConnection, ClockArgs, ConnectionArgs, InviteArgs, RunSelector, SendArgs, SummarySource,
};
use super::output;
use super::terminal::Terminal;
use crate::bulk::{Counts, ExecutionResult, Outcome, PlanExecutor, Retry};
use crate::change_kind::ChangeKind;
use crate::error::{Error, ExitStatus};
use crate::file_access::Stdin;
use crate::ledger::{Ledger, Run, RunId};
use crate::runtime::Runtime;
use crate::script::{self, Console as _, Termination};
use crate::settings::{self, Settings};

const AFTER_HELP: &str = "\
Examples:
  gradient-bulk send 12               the unsent rows of run 12
  gradient-bulk send 12 --failed      the failed rows as well
  gradient-bulk send 12 --unclear     scores whose response was lost as well";

/// Send the rest of a run: after a dry run, --first, Ctrl-C or a crash
///
/// The rows go to the endpoint and the assessment of the run. gradient-bulk looks up existing sessions again, and asks
/// again.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Send {
    /// Number of the run, as `runs` lists it, or `last` for the newest
    #[arg(value_name = "RUN")]
    run: RunSelector,

    /// Retry failed rows as well
    #[arg(long)]
    failed: bool,

    /// Repeat requests that may have been carried out; a score that was made is paid for twice
    #[arg(long)]
    unclear: bool,

    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    clock: ClockArgs,

    #[command(flatten)]
    sending: SendArgs,

    #[command(flatten)]
    inviting: InviteArgs,
}

impl Send {
    pub(super) fn run(self, stdin: &Stdin) -> Result<ExitStatus, CommandError> {
        let (ledger, run) = self.run.find(&self.connection.ledger.path()?)?;
        let runtime = Rc::new(Runtime::start()?);
        let Some(_run_lock) = self.sending.lock_run(&ledger, run.id, &runtime)? else {
            return Ok(ExitStatus::Interrupted);
        };
        // Before the lock was taken, another process may have sent or discarded the run.
        let run = ledger.run(run.id)?;
        self.check_options(&run)?;
        let settings = self.connection.settings_for_run(&self.clock, &run)?;
        settings.restrictions.check_run(run.id, run.kind)?;
        let retry = Retry {
            failed: self.failed,
            unclear: self.unclear,
        };
        let command = StoredRunCommand {
            run: &run,
            connection: &self.connection,
            sending: &self.sending,
            inviting: self.inviting,
            settings: &settings,
            runtime: &runtime,
            ledger: &ledger,
        };
        command.execute(None, stdin, |executor, _| {
            let ended = executor.resume_run(&run, retry).map_err(Error::from);
            Ok((Some(run.id), ended))
        })
    }

    /// Refuses options that do nothing for runs of this kind: the user may believe that they do.
    fn check_options(&self, run: &Run) -> Result<(), Error> {
        use ChangeKind::{Invite, Score};
        let InviteArgs {
            limits,
            skip_invalid,
            again,
        } = self.inviting;
        let options: [(&'static str, bool, &[ChangeKind]); 4] = [
            ("--unclear", self.unclear, &[Score]),
            ("--max-invites", limits.max_invites.is_some(), &[Invite]),
            ("--skip-invalid", skip_invalid, &[Invite]),
            ("--again", again, &[Invite, Score]),
        ];
        let useless = options
            .into_iter()
            .find(|(_, is_given, kinds)| *is_given && !kinds.contains(&run.kind));
        useless.map_or(Ok(()), |(option, ..)| {
            let (run, kind) = (run.id, run.kind);
            Err(settings::Error::UselessOption { run, kind, option }.into())
        })
    }
}

/// A command that sends a run of the ledger, not one of a script.
pub(super) struct StoredRunCommand<'a> {
    /// The run that the command is about.
    pub(super) run: &'a Run,
    pub(super) connection: &'a ConnectionArgs,
    pub(super) sending: &'a SendArgs,
    pub(super) inviting: InviteArgs,
    pub(super) settings: &'a Settings,
    pub(super) runtime: &'a Rc<Runtime>,
    pub(super) ledger: &'a Rc<Ledger>,
}

impl StoredRunCommand<'_> {
    /// Connects, lets `send` send a run, and reports the result. `send` returns the run, if it is in the ledger, and how it ended,
    /// unless the user interrupted it before anything was shown.
    pub(super) fn execute(
        &self,
        source: Option<SummarySource>,
        stdin: &Stdin,
        send: impl FnOnce(
            &PlanExecutor,
            &ApiConnection,
        )
            -> Result<(Option<RunId>, Result<Option<ExecutionResult>, Error>), Error>,
    ) -> Result<ExitStatus, CommandError> {
        let options = self.sending.options(self.settings, self.inviting, None)?;
        let status = ApiConnection::with(self.settings, self.runtime, |api_connection| {
            let commands = self.connection.commands();
            let terminal = self.sending.terminal(
                self.runtime,
                api_connection,
                options.clone(),
                commands,
                stdin,
            );
            self.announce_other_key(&terminal);
            let executor = PlanExecutor {
                ledger: self.ledger,
                client: &api_connection.client,
                runtime: self.runtime,
                frontend: &terminal,
                options: &options,
                locks: &api_connection.locks,
                own_runs: &[],
            };
            let (run, ended) = send(&executor, api_connection)?;
            let outcome = run.map(|run| Outcome::of(self.ledger, run)).transpose();
            if let (Ok(Some(ended)), Ok(Some(outcome))) = (&ended, &outcome) {
                terminal.report(ended, outcome);
            }
            let counts = outcome
                .map(|outcome| outcome.map_or_else(Counts::default, |outcome| outcome.counts));
            let ended = ended.map(|ended| to_script_end(ended.as_ref()));
            let status = ExitStatus::for_script(&ended, &counts);
            let summary = StoredRunSummary {
                run,
                counts: counts.as_ref().copied().unwrap_or_default(),
            };
            let error = ended.as_ref().err();
            let written = self.sending.print_summary(
                source,
                api_connection,
                &terminal,
                status,
                summary,
                error,
            );
            let result = ended.and(counts.map_err(Error::from)).map(|_| status);
            output::finish(result, written)
        })?;
        Ok(status)
    }

    /// Says that the key is another one than that of the plan. It may have been renewed, or be one of another organization.
    fn announce_other_key(&self, terminal: &Terminal) {
        let planned = &self.run.spec.author.key_prefix;
        if let Some((planned, now)) = planned.as_ref().zip(terminal.key())
            && planned != now
        {
            let run = self.run.id;
            terminal.note(&format!(
                "note: run {run} was planned with key {planned}, and {now} is used now"
            ));
        }
    }
}

/// The results in the object of `--json`.
#[derive(Serialize)]
struct StoredRunSummary {
    run: Option<RunId>,
    #[serde(flatten)]
    counts: Counts,
}

/// Returns how a script would end after such a result; `None` is an interrupt before anything was shown.
fn to_script_end(ended: Option<&ExecutionResult>) -> script::ScriptOutcome {
    let termination = match ended {
        None => Some(Termination::Interrupted),
        Some(ended) => Termination::of(&ended.status),
    };
    termination.map_or(
        script::ScriptOutcome::Finished,
        script::ScriptOutcome::Terminated,
    )
}
