//! The terminal of a command that sends. `frontend` shows plans and progress, and `consent` asks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use super::progress::{LongWaitNotifier, Meter};
use super::row_text::list_values;
use super::summary_text::{self, NextCommands};
use crate::bulk::{
    Consent, DifferenceGroup, ExecutionResult, ExecutionStatus, InterpretationGroup,
    Interpretations, Invitation, Options, Outcome, Problems,
};
use crate::cli::output::{Streams, Verbosity, ignore_closed_pipe, is_stdout_colored, stderr_style};
use crate::error::Error;
use crate::file_access::Stdin;
use crate::ledger::RunId;
use crate::render::render;
use crate::repl::ReplFrontend;
use crate::runtime::Runtime;
use crate::script::Console;
use crate::text::{escape_control, escape_keep_tabs, escape_line};
use crate::time::DateTime;

/// How many groups of interpretations, and of differences, are kept for `--json`.
const MAX_RECORDED_GROUPS: usize = 200;

pub(in crate::cli) struct Terminal {
    pub(super) runtime: Rc<Runtime>,
    pub(super) config: TerminalConfig,
    /// Everything that is still to come is confirmed.
    pub(super) auto_confirm: Cell<bool>,
    /// The same for scores: confirming all scores does not confirm any invitation.
    pub(super) auto_confirm_scores: Cell<bool>,
    /// How often the user was asked about a single invitation.
    pub(super) single_confirmations: Cell<u32>,
    pub(super) meter: RefCell<Option<Meter>>,
    /// The rows that need attention, by the names of their results.
    pub(super) notable_results: RefCell<BTreeMap<&'static str, Problems>>,
    pub(super) long_wait: LongWaitNotifier,
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
            notable_results: RefCell::default(),
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

    /// Returns the beginning of the API key; `None` for the sandbox.
    pub(in crate::cli) fn key(&self) -> Option<&String> {
        self.config.key.as_ref()
    }

    /// Returns why the last plan was rejected, or its sending stopped.
    pub(in crate::cli) fn failure(&self) -> Option<String> {
        self.failure.borrow().clone()
    }

    /// Prints why a plan was rejected or its sending stopped. Details and hints are in the lines after the first.
    pub(super) fn report_failure(&self, text: &str) {
        let first = text.lines().next().unwrap_or_default();
        self.failure
            .replace(Some(first.trim_end_matches(':').to_owned()));
        self.config.streams.error(text);
    }

    pub(super) fn record_interpretations(&self, interpretations: &Interpretations) {
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

    pub(super) fn is_quiet(&self) -> bool {
        self.config.verbosity == Verbosity::Quiet
    }

    pub(super) fn now(&self) -> DateTime {
        DateTime::of(self.config.options.now(), &self.config.options.zone)
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
        if !self.is_quiet() {
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
        self.approve_invitation(invitation)
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
        if let ExecutionStatus::Declined = ended.status {
            let unsent = summary_text::describe_unsent(outcome.counts);
            self.failure
                .replace(Some(format!("not confirmed, {unsent}")));
        }
        let text = summary_text::describe(
            ended,
            outcome.counts,
            &self.config.commands,
            &self.config.options,
        );
        if let Some(error) = text.error {
            self.report_failure(&escape_control(&error));
        }
        if !self.is_quiet() {
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
