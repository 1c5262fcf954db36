//! A long wait that the API asks for, told once.

use std::cell::Cell;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::bulk::Waiting;
use crate::moment::DateTime;

/// A longer wait is worth a line of its own.
const LONG_WAIT: Duration = Duration::from_secs(120);

/// What was told of long waits.
#[derive(Debug, Default)]
pub(in crate::cli) struct LongWait {
    /// When the wait ends that was told last.
    told: Cell<Option<Instant>>,
}

impl LongWait {
    /// Returns what there is to tell of `waiting`, with times in the zone of `now`; `None` where it is short, or was told.
    pub(in crate::cli) fn news(&self, waiting: &Waiting, now: &DateTime) -> Option<String> {
        let is_told = self.told.get().is_some_and(|end| Instant::now() < end);
        if is_told || waiting.left <= LONG_WAIT {
            return None;
        }
        self.told.set(Some(Instant::now() + waiting.left));
        let until = now.at_instant(Timestamp::now() + waiting.left);
        Some(format!("waiting until {until}: {}", waiting.reason))
    }
}
