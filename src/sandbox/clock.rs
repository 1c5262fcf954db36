//! Sandbox time as arithmetic on values passed in; nothing here reads a clock.
//!
//! Sandbox time is never behind real time and never goes back. It runs at `speed` while a server is running, and at real speed
//! otherwise. A [`TimeSource`] replaces all this. Times are milliseconds since the Unix epoch.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

/// Milliseconds since the Unix epoch, or between two times.
pub(crate) type Millis = i64;

pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const MINUTE: Millis = 60_000;

pub(crate) const SPEEDS: std::ops::RangeInclusive<f64> = 1.0..=1_000_000.0;

/// What the sandbox clock showed at a real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClockReading {
    pub(crate) real: Millis,
    pub(crate) sandbox: Millis,
}

impl ClockReading {
    /// Returns the reading at a later real time if no server has run since.
    pub(crate) fn idle_until(self, real: Millis) -> Self {
        let passed = real.saturating_sub(self.real).max(0);
        Self {
            real,
            sandbox: self.sandbox.saturating_add(passed).max(real),
        }
    }
}

/// Replaces the sandbox's own clock. It should be quick.
#[derive(Clone)]
pub struct TimeSource(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl TimeSource {
    /// Uses the time that `now` returns.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> Millis {
        (self.0)().as_millisecond()
    }
}

impl fmt::Debug for TimeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TimeSource").field(&(self.0)()).finish()
    }
}

/// A running sandbox clock.
#[derive(Debug)]
pub(crate) struct Clock {
    /// Elapsed time is scaled from here in one step, because scaling small steps would add up rounding errors.
    anchor: ClockReading,
    latest: ClockReading,
    speed: f64,
}

impl Clock {
    pub(crate) fn new(from: ClockReading, speed: f64) -> Self {
        Self {
            anchor: from,
            latest: from,
            speed,
        }
    }

    /// Returns the reading at a real time, and remembers it.
    pub(crate) fn tick(&mut self, real: Millis) -> ClockReading {
        if real < self.latest.real {
            // The computer's clock was set back: continue from the latest sandbox time.
            self.anchor = ClockReading {
                real,
                sandbox: self.latest.sandbox,
            };
        }
        self.latest = self.reading_at(real);
        self.latest
    }

    /// Returns what the clock will show at a real time.
    pub(crate) fn reading_at(&self, real: Millis) -> ClockReading {
        let passed = scaled(real.saturating_sub(self.anchor.real), self.speed);
        let sandbox = self.anchor.sandbox.saturating_add(passed);
        ClockReading {
            real,
            sandbox: sandbox.max(self.latest.sandbox).max(real),
        }
    }
}

/// Converts to a timestamp; times after the year 9999 become the last one.
pub(crate) fn timestamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX)
}

fn scaled(span: Millis, speed: f64) -> Millis {
    let span = Duration::from_millis(u64::try_from(span).unwrap_or(0));
    Duration::try_from_secs_f64(span.as_secs_f64() * speed)
        .ok()
        .and_then(|scaled| Millis::try_from(scaled.as_millis()).ok())
        .unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Clock, ClockReading, HOUR, Millis, timestamp};

    const START: Millis = 1_700_000_000_000;

    fn reading(real: Millis, sandbox: Millis) -> ClockReading {
        ClockReading { real, sandbox }
    }

    #[test]
    fn runs_at_its_speed() {
        let mut clock = Clock::new(reading(START, START + HOUR), 3600.0);
        assert_eq!(clock.tick(START + 1_000).sandbox, START + 2 * HOUR);
        assert_eq!(
            clock.tick(START + 1_500).sandbox,
            START + 2 * HOUR + HOUR / 2
        );
    }

    #[test]
    fn many_small_steps_lose_nothing() {
        let mut clock = Clock::new(reading(START, START), 1.5);
        for step in 1..=1_000 {
            clock.tick(START + step);
        }
        assert_eq!(clock.tick(START + 1_000).sandbox, START + 1_500);
    }

    #[test]
    fn never_goes_back_when_real_time_does() {
        let mut clock = Clock::new(reading(START, START), 10.0);
        let before = clock.tick(START + 1_000).sandbox;
        assert_eq!(clock.tick(START - HOUR).sandbox, before);
        assert_eq!(clock.tick(START - HOUR + 1_000).sandbox, before + 10_000);
    }

    #[test]
    fn looking_ahead_changes_nothing() {
        let mut clock = Clock::new(reading(START, START), 60.0);
        assert_eq!(clock.reading_at(START + 1_000).sandbox, START + 60_000);
        assert_eq!(clock.tick(START).sandbox, START);
    }

    #[test]
    fn runs_at_real_speed_without_a_server() {
        let stored = reading(START, START + HOUR);
        assert_eq!(stored.idle_until(START + 500).sandbox, START + HOUR + 500);
        assert_eq!(stored.idle_until(START - 500).sandbox, START + HOUR);
    }

    #[test]
    fn is_never_behind_real_time() {
        let stored = reading(START, START - HOUR);
        assert_eq!(stored.idle_until(START + 5).sandbox, START + 5);
    }

    #[test]
    fn huge_times_saturate() {
        let mut clock = Clock::new(reading(0, START), 1_000_000.0);
        assert_eq!(
            timestamp(clock.tick(Millis::MAX).sandbox),
            jiff::Timestamp::MAX
        );
    }
}
