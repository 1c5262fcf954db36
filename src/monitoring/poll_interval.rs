//! The time to wait before the next poll.

use std::time::Duration;

/// The longest interval that throttling leads to.
const MAX_INTERVAL: Duration = Duration::from_secs(600);

/// The time between two polls, which grows while the API throttles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollInterval {
    base: Duration,
    current: Duration,
}

impl PollInterval {
    /// Starts with an interval of `base`, which is also the shortest.
    pub fn new(base: Duration) -> Self {
        Self {
            base,
            current: base,
        }
    }

    /// Returns the time to wait after a poll that the API throttled or not.
    pub fn after(&mut self, throttled: bool) -> Duration {
        self.current = if throttled {
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
    fn the_interval_grows_while_the_api_throttles_and_recovers() {
        let mut poll_interval = PollInterval::new(Duration::from_secs(30));
        let throttled = [
            false, true, true, false, true, true, true, true, true, false, false,
        ];
        let waits = throttled.map(|throttled| poll_interval.after(throttled).as_secs());
        assert_eq!(waits, [30, 60, 120, 60, 120, 240, 480, 600, 600, 300, 150]);
        let mut slow = PollInterval::new(Duration::from_secs(3_600));
        assert_eq!(slow.after(true).as_secs(), 3_600);
    }
}
