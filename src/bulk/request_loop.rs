//! What sending invitations and scoring sessions have in common: events, progress, and the end after too many failures.

use std::future::Future;
use std::panic::resume_unwind;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::frontend::{BulkFrontend, Event};
use crate::api::Error;
use crate::runtime::Runtime;

/// After this many consecutive failures of one kind, no more requests are made.
pub(super) const MAX_CONSECUTIVE_FAILURES: u32 = 20;
/// How often progress is reported and results are recorded.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Passes events to the frontend's thread.
pub(super) struct EventSender(UnboundedSender<Event>);

impl EventSender {
    pub(super) fn report(&self, event: Event) {
        // This fails if the frontend is gone, and then there is nothing to report to.
        let _ = self.0.send(event);
    }
}

/// Runs `work` on the thread that drives the connections, so that a response wakes no other thread. Passes its events to
/// `frontend` until it ends.
pub(super) fn run<T, W>(
    runtime: &Runtime,
    frontend: &dyn BulkFrontend,
    work: impl FnOnce(EventSender) -> W,
) -> T
where
    T: Send + 'static,
    W: Future<Output = T> + Send + 'static,
{
    let (events, mut incoming) = unbounded_channel();
    let task = runtime.spawn(work(EventSender(events)));
    while let Some(event) = runtime.wait(incoming.recv()) {
        frontend.progress(event);
    }
    runtime
        .wait(task)
        .unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

pub(super) fn progress_timer() -> Interval {
    let mut timer = interval(PROGRESS_INTERVAL);
    timer.set_missed_tick_behavior(MissedTickBehavior::Skip);
    timer
}

/// What failures have in common, if it is not a single row or session that causes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// The service or the network seems to be down.
    Outage,
    Redirect,
    /// A response with this status, such as 402 or 409.
    Response(u16),
    /// Nothing was received that could be read as a response.
    NoResponse,
}

impl FailureKind {
    /// Returns the kind of a failed invitation; `None` if the API blames the row.
    pub(super) fn of_invitation(error: &Error) -> Option<Self> {
        if error.is_outage() {
            return Some(Self::Outage);
        }
        match error.status() {
            Some(400 | 422) => None,
            Some(300..=399) => Some(Self::Redirect),
            Some(status) => Some(Self::Response(status)),
            None => Some(Self::NoResponse),
        }
    }

    /// Returns the kind of a failed score; `None` if the session may be the cause, as with a 409.
    pub(super) fn of_score(error: &Error) -> Option<Self> {
        error.is_outage().then_some(Self::Outage)
    }
}

/// Consecutive failures of one kind.
#[derive(Debug, Default)]
pub(super) struct FailureStreak {
    kind: Option<FailureKind>,
    length: u32,
}

impl FailureStreak {
    /// Adds the latest response: the kind of its failure, if it has one. Returns true if no further request is worthwhile.
    pub(super) fn record(&mut self, kind: Option<FailureKind>) -> bool {
        self.length = match kind {
            None => 0,
            Some(_) if kind == self.kind => self.length + 1,
            Some(_) => 1,
        };
        self.kind = kind;
        self.length >= MAX_CONSECUTIVE_FAILURES
    }
}
