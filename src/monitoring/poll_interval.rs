//! How long to wait before the next look.

use std::time::Duration;

/// Longest time between two looks because the API asked to go slower.
const MAX_INTERVAL: Duration = Duration::from_secs(600);

/// The time between two looks: as asked for, and longer while the API asks to go slower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollInterval {
    base: Duration,
    current: Duration,
}

impl PollInterval {
    /// Looks every `base`.
    #[must_use]
    pub fn new(base: Duration) -> Self {
        Self {
            base,
            current: base,
        }
    }

    /// Returns how long to wait after a look during which the API asked to go slower, or did not.
    pub fn after(&mut self, slower: bool) -> Duration {
        self.current = if slower {
            self.current
                .saturating_mul(2)
                .min(MAX_INTERVAL.max(self.base))
        } else {
            self.base.max(self.current / 2)
        };
        self.current
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::PollInterval;

    #[test]
    fn it_slows_down_while_the_api_asks_for_it_and_recovers() {
        let mut poll_interval = PollInterval::new(Duration::from_secs(30));
        let slower = [
            false, true, true, false, true, true, true, true, true, false, false,
        ];
        let waits = slower.map(|slower| poll_interval.after(slower).as_secs());
        assert_eq!(waits, [30, 60, 120, 60, 120, 240, 480, 600, 600, 300, 150]);
        let mut slow = PollInterval::new(Duration::from_secs(3_600));
        assert_eq!(slow.after(true).as_secs(), 3_600);
    }
}
