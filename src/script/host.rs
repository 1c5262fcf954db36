//! What script functions need, reached through the engine's tag.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use rhai::NativeCallContext;

use super::dry_run::Waits;
use super::singles::Singles;
use super::throw::{RhaiResultOf, Throw, throw};
use super::{Arguments, Ending};
use crate::api::{self, Client};
use crate::bulk::{
    self, Consent, Counts, Event, Invitation, Options, Outcome, Overseer, ScoreCounts, Target,
    Waiting,
};
use crate::ledger::{self, Ledger, NewRun, RunId};
use crate::moment::DateTime;
use crate::runtime::Runtime;

/// The person in front of the script, as far as it has one.
pub trait Console: Overseer {
    /// Shows a result of the script.
    fn print(&self, text: &str);

    /// Shows a remark that is no result.
    fn note(&self, text: &str);

    /// Asks whether a single invitation may be sent.
    fn approve_one(&self, invitation: &Invitation) -> Consent;

    /// Asks whether `count` sessions may be scored.
    fn approve_scores(&self, count: u64) -> Consent;

    /// Shows how the course of a plan ended.
    fn report(&self, ended: &bulk::Ended, outcome: &Outcome);

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
    pub run: NewRun,
    /// The values of the script's own arguments.
    pub arguments: Arguments,
}

/// The services of one script run. Clones share one state.
#[derive(Clone)]
pub struct Host(Rc<Inner>);

struct Inner {
    runtime: Rc<Runtime>,
    console: Rc<dyn Console>,
    settings: HostSettings,
    targets: RefCell<HashMap<String, Arc<Target>>>,
    default_target: OnceCell<Arc<Target>>,
    planning_since: Cell<Option<Timestamp>>,
    ledger: OnceCell<Rc<Ledger>>,
    runs: RefCell<Vec<RunId>>,
    singles: RefCell<Singles>,
    waits: Cell<Waits>,
    scores: Cell<ScoreCounts>,
    lists: RefCell<Vec<Arc<Path>>>,
}

impl Host {
    /// Creates the host of one run.
    #[must_use]
    pub fn new(runtime: Rc<Runtime>, console: Rc<dyn Console>, settings: HostSettings) -> Self {
        Self(Rc::new(Inner {
            runtime,
            console,
            settings,
            targets: RefCell::default(),
            default_target: OnceCell::new(),
            planning_since: Cell::new(None),
            ledger: OnceCell::new(),
            runs: RefCell::default(),
            singles: RefCell::default(),
            waits: Cell::default(),
            scores: Cell::default(),
            lists: RefCell::default(),
        }))
    }

    /// Returns the host of the script that makes this call.
    pub(super) fn of(ctx: &NativeCallContext) -> RhaiResultOf<Self> {
        ctx.tag()
            .and_then(|tag| tag.read_lock::<Self>().map(|host| host.clone()))
            .ok_or_else(|| throw(ctx, Throw::new("no_host", "this engine has no host")))
    }

    /// Returns the runtime.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.0.runtime
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

    /// Returns the zone of dates and of shown times.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.0.settings.options.zone
    }

    /// Returns the ledger, which is opened for the first run that is to be stored.
    pub(super) fn ledger(&self, ctx: &NativeCallContext) -> RhaiResultOf<Rc<Ledger>> {
        if let Some(ledger) = self.0.ledger.get() {
            return Ok(Rc::clone(ledger));
        }
        let opened = Ledger::open(&self.0.settings.ledger).map_err(|error| throw(ctx, error))?;
        Ok(Rc::clone(self.0.ledger.get_or_init(|| Rc::new(opened))))
    }

    /// Remembers a run that this script began.
    pub(super) fn note_run(&self, run: RunId) {
        self.0.runs.borrow_mut().push(run);
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

    /// Returns what the script knows of the candidates it invited one by one.
    pub(super) fn singles(&self) -> &RefCell<Singles> {
        &self.0.singles
    }

    /// Returns what a dry run knows of a script that waits.
    pub(super) fn waits(&self) -> &Cell<Waits> {
        &self.0.waits
    }

    /// Adds to what became of sessions that were to be scored.
    pub(super) fn note_scores(&self, counts: ScoreCounts) {
        self.0.scores.set(self.0.scores.get() + counts);
    }

    /// Returns what became of all sessions that this script scored.
    #[must_use]
    pub fn scores(&self) -> ScoreCounts {
        self.0.scores.get()
    }

    /// Waits for an answer of the API, unless the user interrupts.
    pub(super) fn ask<T>(
        &self,
        ctx: &NativeCallContext,
        work: impl Future<Output = Result<T, api::Error>>,
    ) -> RhaiResultOf<T> {
        self.wait(work)?.map_err(|error| throw(ctx, error))
    }

    /// Waits for `work`, unless the user interrupts.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> RhaiResultOf<T> {
        let client = &self.0.settings.client;
        let tell = |waiting: &Waiting| self.console().progress(Event::Waiting(waiting.clone()));
        let done = bulk::wait(&self.0.runtime, client, tell, work);
        done.ok_or_else(|| Ending::Interrupted.into())
    }

    /// Returns the time: the clock's, the one fixed for the run, or the one a plan is judged by.
    pub(super) fn now(&self) -> DateTime {
        let now = self.0.planning_since.get().unwrap_or_else(|| self.clock());
        self.local(now)
    }

    fn clock(&self) -> Timestamp {
        self.0.settings.options.now()
    }

    /// Puts an instant into the run's zone.
    pub(super) fn local(&self, instant: Timestamp) -> DateTime {
        DateTime::new(ZonedDateTime::new(instant, self.zone().clone()))
    }

    /// Makes the clock stand still until the guard is dropped; meanwhile nothing may be sent or written.
    pub(super) fn plan(&self) -> Planning<'_> {
        self.0.planning_since.set(Some(self.clock()));
        Planning(&self.0.planning_since)
    }

    /// Refuses what `function` would do while a plan is evaluated.
    pub(super) fn refuse_while_planning(
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
                "planning",
                format!("`{function}` may not be called while `invite_all` plans"),
            )
            .hint("the closure decides about one row: let it return a request or `skip(reason)`"),
        ))
    }

    /// Finds the assessment called `reference`, or the run's own; the API is asked once for each.
    pub(super) fn target(
        &self,
        ctx: &NativeCallContext,
        reference: Option<&str>,
    ) -> RhaiResultOf<Arc<Target>> {
        if let Some(reference) = reference {
            return self.named_target(ctx, reference);
        }
        if let Some(target) = self.0.default_target.get() {
            return Ok(Arc::clone(target));
        }
        let settings = &self.0.settings;
        if settings.client.config().key.is_none() {
            return Err(throw(ctx, api::Error::NoKey));
        }
        let reference = settings.assessment.as_deref().ok_or_else(|| {
            throw(
                ctx,
                Throw::new("no_assessment", "no assessment is set").hint(
                    "pass `--assessment NAME_OR_ID`, or set `GRADIENT_ASSESSMENT_ID`; \
                     `list_assessments()` shows what there is",
                ),
            )
        })?;
        let target = self.named_target(ctx, reference)?;
        Ok(Arc::clone(self.0.default_target.get_or_init(|| target)))
    }

    fn named_target(&self, ctx: &NativeCallContext, reference: &str) -> RhaiResultOf<Arc<Target>> {
        if let Some(target) = self.0.targets.borrow().get(reference) {
            return Ok(Arc::clone(target));
        }
        let found = self.ask(ctx, self.0.settings.client.assessment(reference))?;
        let target = Arc::new(Target {
            label: found.label().to_owned(),
            is_active: found.is_active,
            id: found.id,
        });
        self.0
            .targets
            .borrow_mut()
            .insert(reference.to_owned(), Arc::clone(&target));
        Ok(target)
    }

    /// Returns the id to filter lists by: of the assessment called `reference`, else of the run's own, else none.
    pub(super) fn listed_assessment(
        &self,
        ctx: &NativeCallContext,
        reference: Option<&str>,
    ) -> RhaiResultOf<Option<String>> {
        if reference.is_none() && self.0.settings.assessment.is_none() {
            return Ok(None);
        }
        Ok(Some(self.target(ctx, reference)?.id.clone()))
    }

    /// Remembers a list that was read, and returns its number, from 0.
    pub(super) fn remember_list(&self, path: &Path) -> usize {
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
pub(super) struct Planning<'a>(&'a Cell<Option<Timestamp>>);

impl Drop for Planning<'_> {
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
