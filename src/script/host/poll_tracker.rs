//! Detects a script that polls sessions where they cannot change: in a dry run, or in a test.

use std::cell::Cell;

/// Counts how often a script lists sessions and sleeps.
#[derive(Debug, Default)]
pub(super) struct PollTracker {
    has_polled: Cell<bool>,
    /// Sleeps after a poll.
    rounds: Cell<u32>,
    sleeps: Cell<u32>,
}

impl PollTracker {
    pub(super) fn record_poll(&self) {
        self.has_polled.set(true);
    }

    /// Counts a sleep, and returns how many there were.
    pub(super) fn count_sleep(&self) -> u32 {
        self.sleeps.set(self.sleeps.get() + 1);
        self.sleeps.get()
    }

    /// Records a sleep, and returns whether the script has polled, slept, polled again and slept again.
    pub(super) fn is_stuck_after_sleep(&self) -> bool {
        let has_polled = self.has_polled.replace(false);
        self.rounds.set(self.rounds.get() + u32::from(has_polled));
        self.rounds.get() > 1
    }
}
