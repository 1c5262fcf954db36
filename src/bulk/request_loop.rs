//! What sending invitations and scoring sessions have in common: events, progress, and the end in an outage.

use std::future::Future;
use std::panic::resume_unwind;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::frontend::{BulkFrontend, Event};
use crate::api::Error;
use crate::runtime::Runtime;

/// After this many consecutive failures that indicate an outage, no more requests are made.
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

/// Detects an outage from consecutive failures.
#[derive(Default)]
pub(super) struct OutageDetector {
    consecutive_failures: u32,
}

impl OutageDetector {
    /// Takes the error of the latest request, if it failed. Returns true if the service seems to be out of order.
    pub(super) fn record(&mut self, error: Option<&Error>) -> bool {
        if error.is_some_and(Error::is_outage) {
            self.consecutive_failures += 1;
        } else {
            self.consecutive_failures = 0;
        }
        self.consecutive_failures >= MAX_CONSECUTIVE_FAILURES
    }
}
