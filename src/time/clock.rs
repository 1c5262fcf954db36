//! What time it is: this machine's time, or one that stands still.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// Where the time comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// From this machine.
    #[default]
    System,
    /// It stands still.
    Fixed(Timestamp),
    /// It stands still until somebody moves it. Clones are moved together.
    Manual(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// Returns a clock that shows `now` until it is moved.
    #[must_use]
    pub fn manual(now: Timestamp) -> Self {
        Self::Manual(Arc::new(Mutex::new(now)))
    }

    /// Returns the time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(now) => *now,
            Self::Manual(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Tells whether it shows this machine's time, which may be wrong.
    #[must_use]
    pub fn is_system(&self) -> bool {
        matches!(self, Self::System)
    }

    fn is_manual(&self) -> bool {
        matches!(self, Self::Manual(_))
    }

    /// Moves the clock on by `time`, where it is moved by hand; tells whether it is.
    #[must_use]
    pub fn advance(&self, time: Duration) -> bool {
        let then = self.now().saturating_add(time);
        self.advance_to(then.unwrap_or(Timestamp::MAX));
        self.is_manual()
    }

    /// Moves the clock on to `then`; never back, and not where time is not ours to move.
    pub fn advance_to(&self, then: Timestamp) {
        if let Self::Manual(now) = self {
            let mut now = now.lock().unwrap_or_else(PoisonError::into_inner);
            *now = then.max(*now);
        }
    }
}

impl From<Option<Timestamp>> for Clock {
    fn from(fixed: Option<Timestamp>) -> Self {
        fixed.map_or(Self::System, Self::Fixed)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Clock;

    #[test]
    fn clones_move_together_and_never_back() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let hour = SignedDuration::from_hours(1);
        clock.clone().advance_to(Timestamp::UNIX_EPOCH + hour);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH + hour);
        clock.advance_to(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH + hour);
    }

    #[test]
    fn a_fixed_time_stays() {
        let clock = Clock::Fixed(Timestamp::UNIX_EPOCH);
        clock.advance_to(Timestamp::MAX);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
    }
}
