//! The current time: of the system, or one that is set.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// A source of time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The clock of this machine.
    #[default]
    System,
    /// A time that never changes.
    Fixed(Timestamp),
    /// A time that changes only with [`advance`](Self::advance). Clones share it.
    Manual(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// Returns a manual clock that starts at `now`.
    pub fn manual(now: Timestamp) -> Self {
        Self::Manual(Arc::new(Mutex::new(now)))
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(now) => *now,
            Self::Manual(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Returns whether this is the clock of this machine, which may be wrong.
    pub fn is_system(&self) -> bool {
        matches!(self, Self::System)
    }

    fn is_manual(&self) -> bool {
        matches!(self, Self::Manual(_))
    }

    /// Advances a manual clock by `time`. Returns whether the clock is manual.
    pub fn advance(&self, time: Duration) -> bool {
        let then = self.now().saturating_add(time);
        self.advance_to(then.unwrap_or(Timestamp::MAX));
        self.is_manual()
    }

    /// Advances a manual clock to `then`, unless it is past that. Other clocks are left alone.
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
    fn clones_advance_together_and_never_go_back() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let hour = SignedDuration::from_hours(1);
        clock.clone().advance_to(Timestamp::UNIX_EPOCH + hour);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH + hour);
        clock.advance_to(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH + hour);
    }

    #[test]
    fn a_fixed_time_never_changes() {
        let clock = Clock::Fixed(Timestamp::UNIX_EPOCH);
        clock.advance_to(Timestamp::MAX);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
    }
}
