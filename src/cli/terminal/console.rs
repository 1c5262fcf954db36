//! The terminal of a command that sends: shows plans and progress, and asks for consent.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::io;
use std::rc::Rc;

use super::interpretation_text::list_values;
use super::kind_text::kind_text;
use super::plan_pages::show_rows;
use super::plan_text::{describe, due_text};
use super::problem_text::{describe_problems, problem_lines};
use super::progress::{LongWaitNotifier, Meter, unclear_text, unsettled_text};
use super::prompt::{ask, can_ask};
use super::summary_text::{self, NextCommands};
use crate::api::Pause;
use crate::bulk::{
    BulkFrontend, Consent, DifferenceGroup, Event, ExecutionResult, InterpretationGroup,
    Interpretations, Invitation, Options, Outcome, Plan, Problem, Problems, Progress, Rejection,
    RowOrigin, SendResult,
};
use crate::change_kind::ChangeKind;
use crate::cli::output::{
    Streams, Verbosity, ignore_closed_pipe, is_stdout_colored, note, stderr_style,
};
use crate::error::Error;
use crate::file_access::Stdin;
use crate::ledger::RunId;
use crate::render::render;
use crate::repl::ReplFrontend;
use crate::runtime::Runtime;
use crate::script::Console;
use crate::text::{count, escape_control, escape_keep_tabs, escape_line};
use crate::time::DateTime;

/// How many groups of interpretations, and of differences, are kept for `--json`.
const MAX_RECORDED_GROUPS: usize = 200;

pub(in crate::cli) struct Terminal {
    runtime: Rc<Runtime>,
    config: TerminalConfig,
    /// Everything that is still to come is confirmed.
    auto_confirm: Cell<bool>,
    /// The same for scores: confirming all scores does not confirm any invitation.
    auto_confirm_scores: Cell<bool>,
    /// How often the user was asked about a single invitation.
    single_confirmations: Cell<u32>,
    meter: RefCell<Option<Meter>>,
    /// The rows that failed.
    failures: RefCell<Problems>,
    long_wait: LongWaitNotifier,
    /// How values were read in all plans, for `--json`.
    interpretations: RefCell<Vec<InterpretationGroup>>,
    /// How sessions differ from what was asked for, in the results of all runs, for `--json`.
    differences: RefCell<Vec<DifferenceGroup>>,
    /// How many candidates are invited although the API sent no link, for `--json`.
    without_link: Cell<u64>,
    /// Why the last plan was rejected or its sending stopped, for `--json`.
    failure: RefCell<Option<String>>,
    /// The first error of standard output that is not a closed pipe.
    output_error: Cell<Option<Error>>,
}

pub(in crate::cli) struct TerminalConfig {
    pub(in crate::cli) streams: Streams,
    pub(in crate::cli) stdin: Stdin,
    pub(in crate::cli) verbosity: Verbosity,
    /// Standard output is reserved for one JSON object.
    pub(in crate::cli) json: bool,
    /// Nothing needs to be confirmed.
    pub(in crate::cli) auto_confirm: bool,
    /// Nothing that is changed is real.
    pub(in crate::cli) is_sandbox: bool,
    /// The name of the endpoint, for messages.
    pub(in crate::cli) endpoint: String,
    /// The beginning of the API key, for messages; `None` for the sandbox.
    pub(in crate::cli) key: Option<String>,
    pub(in crate::cli) options: Options,
    pub(in crate::cli) commands: NextCommands,
}

impl Terminal {
    pub(in crate::cli) fn new(runtime: Rc<Runtime>, config: TerminalConfig) -> Self {
        Self {
            runtime,
            auto_confirm: Cell::new(config.auto_confirm),
            auto_confirm_scores: Cell::new(config.auto_confirm),
            config,
            single_confirmations: Cell::new(0),
            meter: RefCell::default(),
            failures: RefCell::default(),
            long_wait: LongWaitNotifier::default(),
            interpretations: RefCell::default(),
            differences: RefCell::default(),
            without_link: Cell::default(),
            failure: RefCell::default(),
            output_error: Cell::default(),
        }
    }

    /// Returns an error if output could not be written. A closed pipe is not an error.
    pub(in crate::cli) fn take_output_error(&self) -> Result<(), Error> {
        self.output_error.take().map_or(Ok(()), Err)
    }

    /// Returns how values were read in all plans that were shown.
    pub(in crate::cli) fn interpretations(&self) -> Vec<InterpretationGroup> {
        self.interpretations.borrow().clone()
    }

    /// Returns how sessions differ from what was asked for, in the results of all runs.
    pub(in crate::cli) fn differences(&self) -> Vec<DifferenceGroup> {
        self.differences.borrow().clone()
    }

    /// Returns how many candidates are invited although the API sent no link.
    pub(in crate::cli) fn without_link(&self) -> u64 {
        self.without_link.get()
    }

    /// Returns why the last plan was rejected, or its sending stopped.
    pub(in crate::cli) fn failure(&self) -> Option<String> {
        self.failure.borrow().clone()
    }

    /// Prints why a plan was rejected or its sending stopped. Details and hints are in the lines after the first.
    fn report_failure(&self, text: &str) {
        let first = text.lines().next().unwrap_or_default();
        self.failure
            .replace(Some(first.trim_end_matches(':').to_owned()));
        self.config.streams.error(text);
    }

    fn record_interpretations(&self, interpretations: &Interpretations) {
        let mut recorded = self.interpretations.borrow_mut();
        let room = MAX_RECORDED_GROUPS.saturating_sub(recorded.len());
        recorded.extend(interpretations.groups.iter().take(room).cloned());
    }

    /// Writes a line to standard output, and returns whether that was possible. It does not stop what is being sent.
    fn print_line(&self, text: &str) -> bool {
        self.record_output(self.config.streams.print(text))
    }

    fn record_output(&self, written: io::Result<()>) -> bool {
        let is_written = written.is_ok();
        if let Err(error) = ignore_closed_pipe(written) {
            let first = self.output_error.take().unwrap_or(error);
            self.output_error.set(Some(first));
        }
        is_written
    }

    /// Writes a line to standard error, above the bar if there is one.
    fn line(&self, text: &str) {
        let text = escape_line(text);
        match &*self.meter.borrow() {
            Some(meter) => meter.line(&text),
            None => self.config.streams.note(&text),
        }
    }

    /// Returns whether the result of a row has its own line. Without `--verbose`, that is the first failure of each kind. All of a
    /// kind are summed up at the end.
    fn shows_result(
        &self,
        origin: &RowOrigin,
        email: &str,
        result: &SendResult,
        note: &str,
    ) -> bool {
        let problem = match result {
            _ if self.config.options.report_all => return true,
            SendResult::Kept(_) => return true,
            SendResult::Unsent(problem) => problem.clone(),
            _ => Problem::of_response(email, note.to_owned()),
        };
        self.failures.borrow_mut().add(origin.clone(), problem)
    }

    /// Sums up rows that failed alike.
    fn report_failures(&self) {
        let mut failures = self.failures.take();
        failures.kinds.retain(|kind| kind.rows.total > 1);
        for line in problem_lines(&failures) {
            self.line(&format!("failed: {line}"));
        }
    }

    fn can_ask(&self) -> bool {
        can_ask(&self.config.stdin)
    }

    fn ask(&self, question: &str) -> Option<String> {
        ask(&self.runtime, &self.config.stdin, question)
    }

    /// Explains that the user cannot be prompted to confirm what `this` would do.
    fn refuse_without_terminal(&self, this: &str, options: &str) -> Consent {
        self.config.streams.note(&format!(
            "not confirmed: this would {this}, and there is no terminal to ask at\n  hint: pass {options} before the script to send without asking, or `--sandbox` to rehearse",
        ));
        Consent::Refused
    }

    fn refuse_invitations(&self) -> Consent {
        let this = format!("invite real candidates at {}", self.config.endpoint);
        self.refuse_without_terminal(&this, "`--yes`")
    }

    fn approve_invitations(&self, plan: &Plan) -> Consent {
        if self.auto_confirm.get() {
            return Consent::Given;
        }
        if !self.can_ask() {
            return self.refuse_invitations();
        }
        let labels: Vec<String> = plan
            .targets
            .iter()
            .map(|target| format!("`{}`", target.label))
            .collect();
        let question = format!(
            "Invite {} to {} at {}{}? [y/N/show]",
            count(plan.to_send(), "candidate"),
            labels.join(", "),
            self.config.endpoint,
            self.key_suffix()
        );
        self.ask_about(plan, &question, |answer| {
            matches!(answer, "y" | "yes").then_some(Consent::Given)
        })
    }

    /// What is deleted does not come back, so a reflex must not confirm it.
    fn approve_revocation(&self, plan: &Plan) -> Consent {
        let sessions = plan.to_send();
        let limit = format!("`--max-changes {sessions}`");
        if self.config.is_sandbox {
            return Consent::Given;
        }
        let this = format!(
            "delete {} at {}",
            count(sessions, "session"),
            self.config.endpoint
        );
        if self.config.auto_confirm {
            if self.config.options.max_changes.is_some() {
                return Consent::Given;
            }
            self.config.streams.note(&format!(
                "not confirmed: this would {this}, and `--yes` alone does not delete anything\n  hint: add {limit} if you mean to delete that many"
            ));
            return Consent::Refused;
        }
        if !self.can_ask() {
            let options = format!("`--yes` and {limit}");
            return self.refuse_without_terminal(&this, &options);
        }
        let question = format!(
            "Delete {} at {}{}? Type {sessions} to confirm, or `show`:",
            count(sessions, "session"),
            self.config.endpoint,
            self.key_suffix()
        );
        let number = sessions.to_string();
        self.ask_about(plan, &question, |answer| {
            (answer == number).then_some(Consent::Given)
        })
    }

    fn approve_scores(&self, plan: &Plan) -> Consent {
        if self.auto_confirm_scores.get() {
            return Consent::Given;
        }
        let sessions = count(plan.to_send(), "session");
        let endpoint = &self.config.endpoint;
        if !self.can_ask() {
            let this = format!("score {sessions} at {endpoint}, which costs money");
            return self.refuse_without_terminal(&this, "`--yes`");
        }
        let key = self.key_suffix();
        let question =
            format!("Score {sessions} at {endpoint}{key}? Each score costs money. [y/N/all/show]");
        self.ask_about(plan, &question, |answer| {
            match consent(Some(answer), &self.auto_confirm_scores) {
                Consent::Refused => None,
                given => Some(given),
            }
        })
    }

    /// Asks about a plan, and shows its rows if the user wants to see them. `interpret` returns what an answer means; `None` is a
    /// No.
    fn ask_about(
        &self,
        plan: &Plan,
        question: &str,
        interpret: impl Fn(&str) -> Option<Consent>,
    ) -> Consent {
        let question = escape_line(question);
        loop {
            let Some(answer) = self.ask(&question) else {
                return Consent::Interrupted;
            };
            if !matches!(answer.as_str(), "s" | "show") {
                return interpret(&answer).unwrap_or(Consent::Refused);
            }
            if let Err(consent) =
                show_rows(plan, &self.config.streams, |question| self.ask(question))
            {
                return consent;
            }
        }
    }

    /// Announces a long wait, once.
    fn report_long_wait(&self, pause: &Pause) {
        if self.config.verbosity > Verbosity::Quiet
            && let Some(notice) = self.long_wait.notice(pause, &self.now())
        {
            self.line(&notice);
        }
    }

    /// Updates the progress bar and announces a long wait.
    fn update_progress(&self, progress: &Progress) {
        if let Some(pause) = &progress.pause {
            self.report_long_wait(pause);
        }
        if let Some(meter) = &mut *self.meter.borrow_mut() {
            meter.update(progress);
        }
    }

    /// Sets the message for a second Ctrl-C, which exits at once.
    fn set_forced_exit_message(&self, text: String) {
        let above_bar = self.meter.borrow().as_ref().map(Meter::writer);
        self.runtime.set_exit_message(move || match above_bar {
            Some(write) => write(&text),
            None => note(&text),
        });
    }

    fn shows_progress(&self) -> bool {
        self.config.verbosity > Verbosity::Quiet && matches!(self.config.streams, Streams::Process)
    }

    fn now(&self) -> DateTime {
        DateTime::of(self.config.options.now(), &self.config.options.zone)
    }

    fn key_suffix(&self) -> String {
        let key = self.config.key.as_ref();
        key.map_or_else(String::new, |key| format!(" with key {key}"))
    }
}

impl BulkFrontend for Terminal {
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>) {
        if self.config.verbosity > Verbosity::Quiet {
            self.config.streams.note(&describe(
                plan,
                &self.config.endpoint,
                &self.now(),
                &self.config.commands,
            ));
        }
        self.record_interpretations(&plan.warnings.interpretations);
        let problems = describe_problems(plan, rejection);
        if rejection.is_some() {
            self.report_failure(&problems);
        } else if !problems.is_empty() && self.config.verbosity > Verbosity::Quiet {
            self.config.streams.note(&problems);
        }
    }

    fn approve(&self, plan: &Plan) -> Consent {
        match plan.kind {
            ChangeKind::Invite => self.approve_invitations(plan),
            ChangeKind::Revoke => self.approve_revocation(plan),
            ChangeKind::Score => self.approve_scores(plan),
        }
    }

    fn progress(&self, event: Event) {
        match event {
            Event::Started { total } if self.shows_progress() => {
                let meter = Meter::start(total);
                self.meter.replace(Some(meter));
            }
            Event::Paused(pause) => self.report_long_wait(&pause),
            Event::Progress(progress) => self.update_progress(&progress),
            Event::RowResult {
                origin,
                candidate,
                result,
                note,
            } => {
                if self.shows_result(
                    &origin,
                    &candidate,
                    &result,
                    note.as_deref().unwrap_or_default(),
                ) {
                    let what = result.name();
                    let note = note.map_or_else(String::new, |note| format!(": {note}"));
                    self.line(&format!("{what}: {origin}: {candidate}{note}"));
                }
            }
            Event::WaitingForLock { label, holder } if self.config.verbosity > Verbosity::Quiet => {
                self.line(&format!(
                    "waiting for {holder}, which invites to `{label}`; Ctrl-C ends the wait"
                ));
            }
            Event::ListedAgain {
                kind,
                skipped,
                existing,
            } if self.config.verbosity > Verbosity::Quiet => {
                self.line(&listed_again_text(kind, skipped, existing));
            }
            Event::Parked {
                kind,
                rows,
                reason,
                wait,
            } if self.config.verbosity > Verbosity::Quiet => {
                self.line(&unclear_text(kind, rows, &reason, wait));
            }
            Event::Unsettled { rows, wait } if self.config.verbosity > Verbosity::Quiet => {
                self.line(&unsettled_text(rows, wait));
            }
            Event::Deferred { run, rejection } if self.config.verbosity > Verbosity::Quiet => {
                let kept = || {
                    let send = self.config.commands.send_with_options(
                        run,
                        &self.config.options,
                        self.config.options.dry_run,
                    );
                    format!("the plan is kept; {send} continues with it")
                };
                self.line(&rejection.map_or_else(kept, |why| {
                    format!("run {run} was rejected and cannot be sent: {why}")
                }));
            }
            Event::Stopping { run, kind } if self.config.verbosity > Verbosity::Quiet => {
                let send = self.config.commands.line("send", run, "");
                self.set_forced_exit_message(format!(
                    "exited at once; {send} retries rows without a recorded result"
                ));
                self.line(&format!(
                    "stopping: waiting for {}; Ctrl-C again exits at once",
                    kind_text(kind).in_flight
                ));
            }
            Event::Ended => {
                if let Some(meter) = self.meter.take() {
                    meter.end();
                }
                self.report_failures();
            }
            Event::Started { .. }
            | Event::WaitingForLock { .. }
            | Event::ListedAgain { .. }
            | Event::Parked { .. }
            | Event::Unsettled { .. }
            | Event::Deferred { .. }
            | Event::Stopping { .. } => {}
        }
    }
}

impl Console for Terminal {
    fn print(&self, text: &str) -> bool {
        // Results keep their lines and tabs. Other control characters are escaped even if this is not a terminal, as `tee` may
        // pass them on to one. Scripts write files for data that must not change.
        if self.config.json {
            self.config
                .streams
                .try_note(&escape_keep_tabs(text))
                .is_ok()
        } else {
            self.record_output(self.config.streams.print_escaped(text))
        }
    }

    fn note(&self, text: &str) {
        if self.config.verbosity > Verbosity::Quiet {
            self.config.streams.note(&escape_control(text));
        }
    }

    fn show_interpretations(&self, interpretations: Interpretations) {
        self.record_interpretations(&interpretations);
        for line in interpretations.lines(list_values) {
            self.note(&format!("warning: {line}"));
        }
    }

    fn approve_one(&self, invitation: &Invitation) -> Consent {
        if self.auto_confirm.get() {
            return Consent::Given;
        }
        let inherited = invitation.target.deadline.as_ref();
        let due = due_text(invitation.due_date.as_ref(), inherited);
        self.config.streams.note(&escape_line(&format!(
            "1 to invite to `{}`: {} <{}>{due}",
            invitation.target.label, invitation.name, invitation.email
        )));
        if !self.can_ask() {
            return self.refuse_invitations();
        }
        self.single_confirmations
            .set(self.single_confirmations.get() + 1);
        if self.single_confirmations.get() == 2 {
            self.config
                .streams
                .note("  hint: `invite_all` plans the whole list first and asks once");
        }
        let question = format!(
            "Invite at {}{}? [y/N/all]",
            self.config.endpoint,
            self.key_suffix()
        );
        consent(self.ask(&question).as_deref(), &self.auto_confirm)
    }

    fn record_result(&self, ended: &ExecutionResult) {
        let without_link = self.without_link.get() + ended.without_link;
        self.without_link.set(without_link);
        let mut recorded = self.differences.borrow_mut();
        let room = MAX_RECORDED_GROUPS.saturating_sub(recorded.len());
        recorded.extend(ended.differences.groups(ended.run).into_iter().take(room));
    }

    fn report(&self, ended: &ExecutionResult, outcome: &Outcome) {
        self.record_result(ended);
        let text = summary_text::describe(
            ended,
            outcome.counts(),
            &self.config.commands,
            &self.config.options,
        );
        if let Some(error) = text.error {
            self.report_failure(&escape_control(&error));
        }
        if self.config.verbosity > Verbosity::Quiet {
            for line in text.notes {
                self.config.streams.note(&escape_line(&line));
            }
        }
    }

    fn runs_command(&self, run: RunId, options: &str) -> String {
        self.config.commands.line("runs", run, options)
    }

    fn width(&self) -> Option<u16> {
        self.config.streams.width().filter(|_| !self.config.json)
    }
}

impl ReplFrontend for Terminal {
    fn set_auto_confirm(&self, auto_confirm: bool) {
        self.auto_confirm.set(auto_confirm);
        self.auto_confirm_scores.set(auto_confirm);
    }

    fn print_result(&self, text: &str) {
        self.print_line(text);
    }

    fn print_error(&self, error: &Error) {
        self.config
            .streams
            .note_preformatted(&render(error, stderr_style()));
    }

    fn colors(&self) -> bool {
        is_stdout_colored()
    }
}

/// Interprets an answer; `all` sets `auto_confirm` for everything that is still to come.
fn consent(answer: Option<&str>, auto_confirm: &Cell<bool>) -> Consent {
    match answer {
        Some("y" | "yes") => Consent::Given,
        Some("a" | "all") => {
            auto_confirm.set(true);
            Consent::Given
        }
        Some(_) => Consent::Refused,
        None => Consent::Interrupted,
    }
}

/// Says what has changed since the plan was agreed to.
fn listed_again_text(kind: ChangeKind, skipped: u64, existing: u64) -> String {
    if kind != ChangeKind::Invite {
        return format!("the sessions were looked up again: {skipped} more kept");
    }
    let mut line = format!("the sessions were listed again: {existing} already invited");
    if skipped > 0 {
        let _ = write!(line, ", {skipped} skipped because they have finished");
    }
    line
}
