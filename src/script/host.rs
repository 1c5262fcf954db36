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

use super::throw::{RhaiResultOf, Throw, throw};
use super::{Arguments, Ending};
use crate::api::{self, Client};
use crate::bulk::{Counts, Event, Invitation, Plan, Target};
use crate::moment::DateTime;
use crate::runtime::Runtime;

/// The person in front of the script, as far as it has one.
pub trait Console {
    /// Shows a result of the script.
    fn print(&self, text: &str);

    /// Shows a remark that is no result.
    fn note(&self, text: &str);

    /// Shows `plan` and asks whether it may be sent.
    fn approve(&self, plan: &Plan) -> Consent;

    /// Asks whether a single invitation may be sent.
    fn approve_one(&self, invitation: &Invitation) -> Consent;

    /// Takes up what happens while a plan is sent.
    fn progress(&self, event: &Event<'_>);

    /// Returns how many characters a line holds, where lines have an end.
    fn width(&self) -> Option<u16>;
}

/// The answer to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Send it.
    Given,
    /// The plan is wrong and cannot be sent.
    Rejected,
    /// Nobody agreed.
    Refused,
}

impl Consent {
    /// Returns how a script ends that goes no further than this answer.
    pub(super) fn ending(self) -> Option<Ending> {
        match self {
            Self::Given => None,
            Self::Rejected => Some(Ending::Rejected),
            Self::Refused => Some(Ending::NotConfirmed),
        }
    }
}

/// What is settled before a script runs.
#[derive(Debug)]
pub struct HostSettings {
    /// The API.
    pub client: Client,
    /// Id or name of the assessment that requests without one are for.
    pub assessment: Option<String>,
    /// The zone of dates and of shown times.
    pub zone: TimeZone,
    /// A fixed time instead of the clock's.
    pub now: Option<Timestamp>,
    /// How many invitations are in flight at once.
    pub concurrency: usize,
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
    counts: Cell<Counts>,
    lists: RefCell<Vec<PathBuf>>,
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
            counts: Cell::default(),
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

    /// Returns what all invites of the run have done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.0.counts.get()
    }

    /// Adds what an invite has done.
    pub(super) fn count(&self, counts: Counts) {
        let mut total = self.0.counts.get();
        total += counts;
        self.0.counts.set(total);
    }

    /// Waits for an answer of the API, unless the user interrupts.
    pub(super) fn ask<T>(
        &self,
        ctx: &NativeCallContext,
        work: impl Future<Output = Result<T, api::Error>>,
    ) -> RhaiResultOf<T> {
        match self.0.runtime.wait_unless_interrupted(work) {
            Some(result) => result.map_err(|error| throw(ctx, error)),
            None => Err(Ending::Interrupted.into()),
        }
    }

    /// Returns the time: the clock's, the one fixed for the run, or the one a plan is judged by.
    pub(super) fn now(&self) -> DateTime {
        let now = self.0.planning_since.get().unwrap_or_else(|| self.clock());
        self.local(now)
    }

    fn clock(&self) -> Timestamp {
        self.0.settings.now.unwrap_or_else(Timestamp::now)
    }

    /// Puts an instant into the run's zone.
    pub(super) fn local(&self, instant: Timestamp) -> DateTime {
        DateTime::new(ZonedDateTime::new(instant, self.0.settings.zone.clone()))
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
            .position(|known| known == path)
            .unwrap_or_else(|| {
                lists.push(path.to_owned());
                lists.len() - 1
            })
    }

    /// Returns the list with this number.
    pub(super) fn list(&self, number: usize) -> Option<PathBuf> {
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
