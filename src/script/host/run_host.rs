//! The host: what script functions reach through the tag of the engine.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashSet;
use std::future::Future;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::{fmt, mem};

use jiff::tz::TimeZone;
use rhai::NativeCallContext;

use super::paths::Paths;
use super::result_files::ResultFile;
use super::single_invites::SingleInvites;
use super::state::{
    AssessmentCache, Conditions, HolidayFiles, InterpretationLog, Planning, PollTracker,
    SessionLists,
};
use super::test_environment::TestEnvironment;
use crate::api::{self, Client, Pause};
use crate::bulk::{
    self, AssessmentLocks, BulkFrontend, Consent, Counts, Event, Interpretations, Invitation,
    Options, Outcome, OutcomeRow, ScoreCounts,
};
use crate::change_kind::{ChangeKind, ChangePermissions};
use crate::error_code::ErrorCode;
use crate::ledger::{self, Ledger, RunId, RunSpec};
use crate::memory::MemoryWatch;
use crate::runtime::Runtime;
use crate::script::arguments::{ArgValue, Arguments};
use crate::script::error::termination::Termination;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::limits::checkpoint::{Checkpoint, UnreadOutput};
use crate::time::ReadingRules;

/// The terminal of a script: output, notes, and questions to the user if there is one.
pub trait Console: BulkFrontend {
    /// Prints output of the script. Returns `false` if it could not be written.
    fn print(&self, text: &str) -> bool;

    /// Prints a note, which is not output of the script.
    fn note(&self, text: &str);

    /// Shows how values were read outside of the rows of a plan.
    fn show_interpretations(&self, interpretations: Interpretations);

    /// Asks the user to confirm a single invitation.
    fn approve_one(&self, invitation: &Invitation) -> Consent;

    /// Keeps what `--json` prints about the result of a plan.
    fn record_result(&self, ended: &bulk::ExecutionResult);

    /// Reports how a plan ended, and keeps its result.
    fn report(&self, ended: &bulk::ExecutionResult, outcome: &Outcome);

    /// Returns the command that shows `run` with these options.
    fn runs_command(&self, run: RunId, options: &str) -> String;

    /// Returns the width of a line in characters, if it is limited.
    fn width(&self) -> Option<u16>;
}

#[derive(Debug)]
pub struct HostSettings {
    pub client: Client,
    /// Id or name of the assessment for requests that name none.
    pub assessment: Option<String>,
    /// How plans are executed.
    pub options: Options,
    /// The locks of the assessments that the client invites to.
    pub locks: AssessmentLocks,
    pub ledger: PathBuf,
    /// What the ledger stores about the run.
    pub run: RunSpec,
    /// The values of the script's arguments.
    pub arguments: Arguments,
    /// The watch that ends the script if the process uses too much memory.
    pub memory: MemoryWatch,
    /// How dates and zones are read.
    pub reading_rules: Arc<ReadingRules>,
    /// What the script may change through the API.
    pub permissions: ChangePermissions,
}

/// The host of a script run. Clones share its state.
#[derive(Clone)]
pub struct Host(Rc<HostState>);

impl Deref for Host {
    type Target = HostState;

    fn deref(&self) -> &HostState {
        &self.0
    }
}

/// What the clones of a [`Host`] share.
pub struct HostState {
    pub runtime: Rc<Runtime>,
    pub console: Rc<dyn Console>,
    pub settings: HostSettings,
    pub(super) paths: Paths,
    test_environment: Option<Rc<dyn TestEnvironment>>,
    arguments: RefCell<Arguments>,
    pub(super) assessment_cache: AssessmentCache,
    pub(super) planning_since: Cell<Option<Planning>>,
    ledger: OnceCell<Rc<Ledger>>,
    runs: RefCell<Vec<RunId>>,
    pub(super) session_lists: SessionLists,
    pub(in crate::script) single_invites: RefCell<SingleInvites>,
    pub(super) poll_tracker: PollTracker,
    lists: RefCell<Vec<Arc<Path>>>,
    pub(in crate::script) holiday_files: HolidayFiles,
    /// The files that this run has read, except JSON files.
    pub(super) inputs: RefCell<HashSet<PathBuf>>,
    /// The JSON files that this run has read.
    pub(super) json_inputs: RefCell<HashSet<PathBuf>>,
    input_delimiter: Cell<Option<u8>>,
    result_files: RefCell<Vec<ResultFile>>,
    /// The conditions that rows were compared with.
    pub(in crate::script) conditions: Conditions,
    /// How values were read that no plan has taken yet.
    pub(in crate::script) interpretations: InterpretationLog,
    unread_output: UnreadOutput,
    scoring_stopped: Cell<bool>,
}

impl Host {
    /// Creates the host of a run. `paths` resolves the paths of the script; a test has a `test_environment`.
    pub fn new(
        runtime: Rc<Runtime>,
        console: Rc<dyn Console>,
        mut settings: HostSettings,
        paths: Paths,
        test_environment: Option<Rc<dyn TestEnvironment>>,
    ) -> Self {
        let arguments = mem::take(&mut settings.arguments);
        let assessment_cache = AssessmentCache::of(settings.assessment.take());
        Self(Rc::new(HostState {
            runtime,
            console,
            settings,
            paths,
            test_environment,
            arguments: RefCell::new(arguments),
            assessment_cache,
            planning_since: Cell::new(None),
            ledger: OnceCell::new(),
            runs: RefCell::default(),
            session_lists: SessionLists::default(),
            single_invites: RefCell::default(),
            poll_tracker: PollTracker::default(),
            lists: RefCell::default(),
            holiday_files: HolidayFiles::default(),
            inputs: RefCell::default(),
            json_inputs: RefCell::default(),
            input_delimiter: Cell::default(),
            result_files: RefCell::default(),
            conditions: Conditions::default(),
            interpretations: InterpretationLog::default(),
            unread_output: UnreadOutput::default(),
            scoring_stopped: Cell::default(),
        }))
    }

    /// Returns the host of the script that makes the call.
    pub(in crate::script) fn of(ctx: &NativeCallContext) -> RhaiResultOf<Self> {
        ctx.tag()
            .and_then(|tag| tag.read_lock::<Self>().map(|host| host.clone()))
            .ok_or_else(|| {
                throw(
                    ctx,
                    Throw::new(ErrorCode::NoHost, "this engine has no host"),
                )
            })
    }

    /// Returns a check whether the script must end, for long native functions.
    pub(in crate::script) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            interrupt: self.runtime.interrupt.clone(),
            memory: self.settings.memory.clone(),
            unread_output: self.unread_output.clone(),
        }
    }

    /// Prints output of the script.
    pub(in crate::script) fn print(&self, text: &str) {
        self.unread_output.record(self.console.print(text));
    }

    /// Records that the script does more than print, so that it is not ended for output that nothing reads.
    pub(in crate::script) fn record_activity(&self) {
        self.unread_output.reset();
    }

    /// Returns the environment of the test that calls `function`.
    ///
    /// # Errors
    /// `test_only`: the script is not a test.
    pub(in crate::script) fn test_environment(
        &self,
        ctx: &NativeCallContext,
        function: &str,
    ) -> RhaiResultOf<Rc<dyn TestEnvironment>> {
        self.ensure_not_planning(ctx, function)?;
        self.test_environment.clone().ok_or_else(|| {
            let message = format!("`{function}` is for tests");
            let hint =
                "put the call into a function `test_…`, and run that with `gradient-bulk test`";
            throw(ctx, Throw::new(ErrorCode::TestOnly, message).hint(hint))
        })
    }

    pub(in crate::script) fn argument(&self, name: &str) -> Option<ArgValue> {
        self.arguments.borrow().get(name).cloned()
    }

    /// Sets the arguments of the script that is evaluated next.
    pub(in crate::script) fn set_arguments(&self, arguments: Arguments) {
        self.arguments.replace(arguments);
    }

    /// Returns the time zone of dates and of displayed times.
    pub(in crate::script) fn zone(&self) -> &TimeZone {
        &self.settings.options.zone
    }

    /// Returns the ledger. It is opened when the first run is stored.
    pub(in crate::script) fn ledger(&self, ctx: &NativeCallContext) -> RhaiResultOf<Rc<Ledger>> {
        if let Some(ledger) = self.ledger.get() {
            return Ok(Rc::clone(ledger));
        }
        let opened = Ledger::open(&self.settings.ledger).or_throw(ctx)?;
        Ok(Rc::clone(self.ledger.get_or_init(|| Rc::new(opened))))
    }

    /// Records a run that this script began.
    pub(in crate::script) fn record_run(&self, run: RunId) {
        self.runs.borrow_mut().push(run);
    }

    /// Removes a run that was abandoned and is no longer in the ledger.
    pub(in crate::script) fn remove_run(&self, run: RunId) {
        self.runs.borrow_mut().retain(|known| *known != run);
    }

    pub fn runs(&self) -> Vec<RunId> {
        self.runs.borrow().clone()
    }

    /// Returns the counts of all runs that this script began.
    pub fn counts(&self) -> Result<Counts, ledger::Error> {
        Ok(Counts {
            was_stopped: self.scoring_stopped.get(),
            ..self.sum_counts(|_| true)?
        })
    }

    /// Returns the counts of all sessions that this script scored.
    pub fn scores(&self) -> Result<ScoreCounts, ledger::Error> {
        let counts = self.sum_counts(|kind| kind == ChangeKind::Score)?;
        Ok(ScoreCounts::from(counts))
    }

    /// Records that scoring stopped before the last session, and the script went on.
    pub(in crate::script) fn record_stopped_scoring(&self) {
        self.scoring_stopped.set(true);
    }

    fn sum_counts(&self, is_counted: impl Fn(ChangeKind) -> bool) -> Result<Counts, ledger::Error> {
        let mut sum = Counts::default();
        if let Some(ledger) = self.ledger.get() {
            for run in self.runs.borrow().iter() {
                let counts = Outcome::of(ledger, *run)?.counts;
                if counts.kind.is_some_and(&is_counted) {
                    sum += counts;
                }
            }
        }
        Ok(sum)
    }

    /// Returns the rows of all runs that this script began.
    pub fn rows(&self) -> Result<Vec<OutcomeRow>, ledger::Error> {
        let mut rows = Vec::new();
        if let Some(ledger) = self.ledger.get() {
            for run in self.runs.borrow().iter() {
                for row in Outcome::of(ledger, *run)?.rows(&[])? {
                    rows.push(row?);
                }
            }
        }
        Ok(rows)
    }

    /// Sets the files that the script will write results to.
    pub(in crate::script) fn set_result_files(&self, files: Vec<ResultFile>) {
        self.result_files.replace(files);
    }

    pub(super) fn result_files(&self) -> Vec<ResultFile> {
        self.result_files.borrow().clone()
    }

    /// Records the delimiter of a CSV file that was read. That of the first file is kept.
    pub(in crate::script) fn record_input_delimiter(&self, delimiter: u8) {
        let first = self.input_delimiter.get().unwrap_or(delimiter);
        self.input_delimiter.set(Some(first));
    }

    /// Returns the delimiter of the first CSV file that was read.
    pub(in crate::script) fn input_delimiter(&self) -> Option<u8> {
        self.input_delimiter.get()
    }

    /// Waits for a response of the API, unless the user interrupts.
    pub(in crate::script) fn call_api<T>(
        &self,
        ctx: &NativeCallContext,
        operation: impl Future<Output = Result<T, api::Error>>,
    ) -> RhaiResultOf<T> {
        self.wait(operation)?.or_throw(ctx)
    }

    /// Waits for `operation`, unless the user interrupts.
    pub(in crate::script) fn wait<T>(&self, operation: impl Future<Output = T>) -> RhaiResultOf<T> {
        let done = self.unless_interrupted(operation);
        done.ok_or_else(|| Termination::Interrupted.into())
    }

    /// Waits for `operation`, and reports when the API throttles requests. `None` means that the user interrupted.
    pub(in crate::script) fn unless_interrupted<T>(
        &self,
        operation: impl Future<Output = T>,
    ) -> Option<T> {
        self.record_activity();
        let client = &self.settings.client;
        let report_waiting = |pause: &Pause| self.console.progress(Event::Paused(pause.clone()));
        bulk::wait(&self.runtime, client, report_waiting, operation)
    }

    /// Returns an error if `function` may not make its change through the API.
    pub(in crate::script) fn ensure_change_allowed(
        &self,
        ctx: &NativeCallContext,
        kind: ChangeKind,
        function: &str,
    ) -> RhaiResultOf<()> {
        self.0
            .settings
            .permissions
            .check(kind)
            .map_err(|forbidden| {
                let message = format!("`{function}` changes something at the API, and {forbidden}");
                let thrown = Throw::new(ErrorCode::NotAllowed, message);
                throw(ctx, thrown.hint(forbidden.hint()))
            })
    }

    /// Records a list that was read, and returns its number, from 0.
    pub(in crate::script) fn register_list_file(&self, path: &Path) -> usize {
        let mut lists = self.lists.borrow_mut();
        lists
            .iter()
            .position(|known| **known == *path)
            .unwrap_or_else(|| {
                lists.push(path.into());
                lists.len() - 1
            })
    }

    pub(super) fn list(&self, number: usize) -> Option<Arc<Path>> {
        self.lists.borrow().get(number).cloned()
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
