//! What script functions need, reached through the engine's tag.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashSet;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::{fmt, mem};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use rhai::NativeCallContext;

use super::assessment_cache::AssessmentCache;
use super::holiday_cache::HolidayFiles;
use super::paths::Paths;
use super::poll_tracker::PollTracker;
use super::single_invites::SingleInvites;
use super::test_environment::TestEnvironment;
use crate::api::{self, Client, Pause};
use crate::bulk::{
    self, BulkFrontend, Consent, Counts, Event, Invitation, Options, Outcome, OutcomeRow,
    ScoreCounts,
};
use crate::error_code::ErrorCode;
use crate::ledger::{self, Ledger, RunId, RunSpec};
use crate::runtime::Runtime;
use crate::script::arguments::{ArgValue, Arguments};
use crate::script::error::termination::Termination;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::limits::checkpoint::Checkpoint;
use crate::script::limits::memory::MemoryMonitor;
use crate::time::DateTime;

/// The person in front of the script, as far as it has one.
pub trait Console: BulkFrontend {
    /// Shows a result of the script.
    fn print(&self, text: &str);

    /// Shows a remark that is no result.
    fn note(&self, text: &str);

    /// Asks whether a single invitation may be sent.
    fn approve_one(&self, invitation: &Invitation) -> Consent;

    /// Asks whether `count` sessions may be scored.
    fn approve_scores(&self, count: u64) -> Consent;

    /// Shows how the course of a plan ended.
    fn report(&self, ended: &bulk::ExecutionResult, outcome: &Outcome);

    /// Returns how many characters a line holds, where lines have an end.
    fn width(&self) -> Option<u16>;
}

/// What is settled before a script runs.
#[derive(Debug)]
pub struct HostSettings {
    /// The API.
    pub client: Client,
    /// Id or name of the assessment that requests without one are for.
    pub assessment: Option<String>,
    /// What the user decided about plans.
    pub options: Options,
    /// The file of the ledger.
    pub ledger: PathBuf,
    /// What the ledger is told about this run.
    pub run: RunSpec,
    /// The values of the script's own arguments.
    pub arguments: Arguments,
    /// The script may change nothing at the API.
    pub deny_send: bool,
}

/// The services of one script run. Clones share one state.
#[derive(Clone)]
pub struct Host(Rc<Inner>);

struct Inner {
    runtime: Rc<Runtime>,
    console: Rc<dyn Console>,
    settings: HostSettings,
    paths: Paths,
    test_environment: Option<Rc<dyn TestEnvironment>>,
    arguments: RefCell<Arguments>,
    assessment_cache: AssessmentCache,
    planning_since: Cell<Option<Timestamp>>,
    ledger: OnceCell<Rc<Ledger>>,
    runs: RefCell<Vec<RunId>>,
    single_invites: RefCell<SingleInvites>,
    poll_tracker: Cell<PollTracker>,
    scores: Cell<ScoreCounts>,
    lists: RefCell<Vec<Arc<Path>>>,
    holiday_files: HolidayFiles,
    inputs: RefCell<HashSet<PathBuf>>,
    memory: MemoryMonitor,
}

impl Host {
    /// Creates the host of one run whose paths lead where `paths` says; of a test, if there is a stage for it.
    #[must_use]
    pub fn new(
        runtime: Rc<Runtime>,
        console: Rc<dyn Console>,
        mut settings: HostSettings,
        paths: Paths,
        test_environment: Option<Rc<dyn TestEnvironment>>,
    ) -> Self {
        let arguments = mem::take(&mut settings.arguments);
        let assessment_cache = AssessmentCache::of(settings.assessment.take());
        Self(Rc::new(Inner {
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
            single_invites: RefCell::default(),
            poll_tracker: Cell::default(),
            scores: Cell::default(),
            lists: RefCell::default(),
            holiday_files: HolidayFiles::default(),
            inputs: RefCell::default(),
            memory: MemoryMonitor::default(),
        }))
    }

    /// Returns the host of the script that makes this call.
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

    /// Returns the runtime.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    /// Returns what watches the memory that the script uses.
    pub(in crate::script) fn memory(&self) -> &MemoryMonitor {
        &self.0.memory
    }

    /// Returns what may end the script between two steps.
    pub(in crate::script) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            interrupt: self.runtime().interrupt().clone(),
            memory: self.0.memory.clone(),
        }
    }

    /// Returns the person in front.
    #[must_use]
    pub fn console(&self) -> &dyn Console {
        &*self.0.console
    }

    /// Returns what was settled before.
    #[must_use]
    pub fn settings(&self) -> &HostSettings {
        &self.0.settings
    }

    /// Returns where the script's paths lead.
    pub(super) fn paths(&self) -> &Paths {
        &self.0.paths
    }

    /// Returns the stage, if the script is a test.
    pub(super) fn current_test_environment(&self) -> Option<Rc<dyn TestEnvironment>> {
        self.0.test_environment.clone()
    }

    /// Returns the value of an argument of the script.
    pub(in crate::script) fn argument(&self, name: &str) -> Option<ArgValue> {
        self.0.arguments.borrow().get(name).cloned()
    }

    /// Gives the script that is evaluated next these arguments.
    pub(in crate::script) fn set_arguments(&self, arguments: Arguments) {
        self.0.arguments.replace(arguments);
    }

    /// Returns which assessments are known, and which one is the run's.
    pub(super) fn assessment_cache(&self) -> &AssessmentCache {
        &self.0.assessment_cache
    }

    /// Returns the zone of dates and of shown times.
    pub(in crate::script) fn zone(&self) -> &TimeZone {
        &self.0.settings.options.zone
    }

    /// Returns the ledger, which is opened for the first run that is to be stored.
    pub(in crate::script) fn ledger(&self, ctx: &NativeCallContext) -> RhaiResultOf<Rc<Ledger>> {
        if let Some(ledger) = self.0.ledger.get() {
            return Ok(Rc::clone(ledger));
        }
        let opened = Ledger::open(&self.0.settings.ledger).map_err(|error| throw(ctx, error))?;
        Ok(Rc::clone(self.0.ledger.get_or_init(|| Rc::new(opened))))
    }

    /// Remembers a run that this script began.
    pub(in crate::script) fn record_run(&self, run: RunId) {
        self.0.runs.borrow_mut().push(run);
    }

    /// Forgets a run that came to nothing, and is not there any more.
    pub(in crate::script) fn remove_run(&self, run: RunId) {
        self.0.runs.borrow_mut().retain(|known| *known != run);
    }

    /// Returns the runs of the ledger that this script began.
    #[must_use]
    pub fn runs(&self) -> Vec<RunId> {
        self.0.runs.borrow().clone()
    }

    /// Returns what all invites of this script have done so far.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn counts(&self) -> Result<Counts, ledger::Error> {
        let mut counts = Counts::default();
        let Some(ledger) = self.0.ledger.get() else {
            return Ok(counts);
        };
        for run in self.0.runs.borrow().iter() {
            counts += Outcome::of(ledger, *run)?.counts();
        }
        Ok(counts)
    }

    /// Returns what became of every row of all invites of this script.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn rows(&self) -> Result<Vec<OutcomeRow>, ledger::Error> {
        let mut rows = Vec::new();
        if let Some(ledger) = self.0.ledger.get() {
            for run in self.0.runs.borrow().iter() {
                for row in Outcome::of(ledger, *run)?.rows(&[])? {
                    rows.push(row?);
                }
            }
        }
        Ok(rows)
    }

    /// Returns what the script knows of the candidates it invited one by one.
    pub(in crate::script) fn single_invites(&self) -> &RefCell<SingleInvites> {
        &self.0.single_invites
    }

    /// Returns the files of holidays that were read.
    pub(in crate::script) fn holiday_files(&self) -> &HolidayFiles {
        &self.0.holiday_files
    }

    /// Returns what a dry run knows of a script that waits.
    pub(super) fn poll_tracker(&self) -> &Cell<PollTracker> {
        &self.0.poll_tracker
    }

    /// Returns the files that rows of this run came from.
    pub(super) fn inputs(&self) -> &RefCell<HashSet<PathBuf>> {
        &self.0.inputs
    }

    /// Adds to what became of sessions that were to be scored.
    pub(in crate::script) fn record_scores(&self, counts: ScoreCounts) {
        self.0.scores.set(self.0.scores.get() + counts);
    }

    /// Returns what became of all sessions that this script scored.
    #[must_use]
    pub fn scores(&self) -> ScoreCounts {
        self.0.scores.get()
    }

    /// Waits for an answer of the API, unless the user interrupts.
    pub(in crate::script) fn call_api<T>(
        &self,
        ctx: &NativeCallContext,
        operation: impl Future<Output = Result<T, api::Error>>,
    ) -> RhaiResultOf<T> {
        self.wait(operation)?.map_err(|error| throw(ctx, error))
    }

    /// Waits for `operation`, unless the user interrupts.
    pub(in crate::script) fn wait<T>(&self, operation: impl Future<Output = T>) -> RhaiResultOf<T> {
        let done = self.unless_interrupted(operation);
        done.ok_or_else(|| Termination::Interrupted.into())
    }

    /// Waits for `operation`, and tells where the API asks to wait; `None` where the user interrupts.
    pub(in crate::script) fn unless_interrupted<T>(
        &self,
        operation: impl Future<Output = T>,
    ) -> Option<T> {
        let client = &self.0.settings.client;
        let report_waiting = |pause: &Pause| self.console().progress(Event::Paused(pause.clone()));
        bulk::wait(&self.0.runtime, client, report_waiting, operation)
    }

    /// Returns the time: the clock's, the one fixed for the run, or the one a plan is judged by.
    pub(in crate::script) fn now(&self) -> DateTime {
        let now = self.0.planning_since.get().unwrap_or_else(|| self.clock());
        self.local(now)
    }

    fn clock(&self) -> Timestamp {
        self.0.settings.options.now()
    }

    /// Puts an instant into the run's zone.
    pub(in crate::script) fn local(&self, instant: Timestamp) -> DateTime {
        DateTime::new(ZonedDateTime::new(instant, self.zone().clone()))
    }

    /// Makes the clock stand still until the guard is dropped; meanwhile nothing may be sent or written.
    pub(in crate::script) fn plan(&self) -> PlanningGuard<'_> {
        self.0.planning_since.set(Some(self.clock()));
        PlanningGuard(&self.0.planning_since)
    }

    /// Refuses what `function` would do while a plan is evaluated.
    pub(in crate::script) fn ensure_not_planning(
        &self,
        ctx: &NativeCallContext,
        function: &str,
    ) -> RhaiResultOf<()> {
        if self.0.planning_since.get().is_none() {
            return Ok(());
        }
        Err(throw(
            ctx,
            Throw::new(
                ErrorCode::Planning,
                format!("`{function}` may not be called while `invite_all` plans"),
            )
            .hint("the closure decides about one row: let it return a request or `skip(reason)`"),
        ))
    }

    /// Refuses what `function` would change at the API, where the user allows no change.
    pub(in crate::script) fn ensure_send_allowed(
        &self,
        ctx: &NativeCallContext,
        function: &str,
    ) -> RhaiResultOf<()> {
        if !self.0.settings.deny_send {
            return Ok(());
        }
        let message =
            format!("`{function}` changes something at the API, and `--deny-send` forbids it");
        let hint = "`--dry-run` shows what a script would send, and goes on; leave out `--deny-send` if you trust the script";
        Err(throw(
            ctx,
            Throw::new(ErrorCode::NotAllowed, message).hint(hint),
        ))
    }

    /// Remembers a list that was read, and returns its number, from 0.
    pub(in crate::script) fn register_list_file(&self, path: &Path) -> usize {
        let mut lists = self.0.lists.borrow_mut();
        lists
            .iter()
            .position(|known| **known == *path)
            .unwrap_or_else(|| {
                lists.push(path.into());
                lists.len() - 1
            })
    }

    /// Returns the list with this number.
    pub(super) fn list(&self, number: usize) -> Option<Arc<Path>> {
        self.0.lists.borrow().get(number).cloned()
    }
}

/// Ends the standing still of the clock when dropped.
pub(in crate::script) struct PlanningGuard<'a>(&'a Cell<Option<Timestamp>>);

impl Drop for PlanningGuard<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}
