//! A long wait that the API asks for, told once.

use std::cell::Cell;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::bulk::Throttling;
use crate::time::DateTime;

/// A longer wait is worth a line of its own.
const LONG_WAIT: Duration = Duration::from_secs(120);

/// What was told of long waits.
#[derive(Debug, Default)]
pub(in crate::cli) struct LongWaitNotifier {
    /// When the wait ends that was told last.
    announced_until: Cell<Option<Instant>>,
}

impl LongWaitNotifier {
    /// Returns what there is to tell of `throttling`, with times in the zone of `now`; `None` where it is short, or was told.
    pub(in crate::cli) fn notice(&self, throttling: &Throttling, now: &DateTime) -> Option<String> {
        let is_announced = self
            .announced_until
            .get()
            .is_some_and(|end| Instant::now() < end);
        if is_announced || throttling.remaining <= LONG_WAIT {
            return None;
        }
        self.announced_until
            .set(Some(Instant::now() + throttling.remaining));
        let until = now.at_instant(Timestamp::now() + throttling.remaining);
        Some(format!("waiting until {until}: {}", throttling.reason))
    }
}
