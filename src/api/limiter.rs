//! Decides when a request may start: by the number in flight, by the pauses that the API asks for, and by the rate.
//!
//! All requests of a client and its clones go through one [`Limiter`]. A pause holds all of them and halves the number that may
//! be in flight; accepted requests raise it again step by step.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::rate_limiter::RateLimiter;
use super::retry::{FREE_PAUSES, default_pause};

/// How many accepted requests raise the limit by one.
const ACCEPTED_PER_INCREASE: u32 = 64;

/// The current limits on requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimiterStatus {
    /// Maximum number of requests in flight.
    pub limit: usize,
    /// The pause that holds all requests.
    pub pause: Option<Pause>,
}

/// A time during which no request starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The time until it ends.
    pub remaining: Duration,
    /// Such as `the API asks to wait (429, Retry-After)`.
    pub reason: &'static str,
}

#[derive(Debug)]
pub(super) struct Limiter {
    max_concurrency: usize,
    permits: Semaphore,
    rate: Option<RateLimiter>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: usize,
    /// Permits in use beyond the limit since it fell: they are not returned to the semaphore.
    permits_to_retire: usize,
    /// Accepted requests since the limit last changed.
    accepted: u32,
    /// The number of pauses so far. A permit remembers it, and so between which pauses its request started.
    generation: u64,
    /// Pauses since a request was last accepted.
    consecutive_pauses: u32,
    pause: Option<(Instant, &'static str)>,
}

/// The permission to send one request; dropping it makes room for the next.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit<'a> {
    limiter: &'a Limiter,
    generation: u64,
}

impl Limiter {
    pub(super) fn new(max_concurrency: usize, rate: Option<f64>) -> Self {
        let max_concurrency = max_concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            max_concurrency,
            permits: Semaphore::new(max_concurrency),
            rate: rate.map(RateLimiter::new),
            state: Mutex::new(State {
                limit: max_concurrency,
                permits_to_retire: 0,
                accepted: 0,
                generation: 0,
                consecutive_pauses: 0,
                pause: None,
            }),
        }
    }

    /// Waits until `requests` may start, one right after the other.
    pub(super) async fn acquire(&self, requests: u32) -> Permit<'_> {
        loop {
            if let Ok(permit) = self.permits.acquire().await {
                permit.forget();
            }
            let mut permit = Permit {
                limiter: self,
                generation: 0,
            };
            if let Some(rate) = &self.rate {
                for _ in 0..requests {
                    rate.until_ready().await;
                }
            }
            let end = {
                let mut state = self.state();
                permit.generation = state.generation;
                state.active_pause(Instant::now).map(|(end, _)| end)
            };
            let Some(end) = end else {
                return permit;
            };
            // Not held while waiting: the pause may have lowered the limit.
            drop(permit);
            sleep_until(end).await;
        }
    }

    pub(super) fn status(&self) -> LimiterStatus {
        let mut state = self.state();
        let now = Instant::now();
        LimiterStatus {
            limit: state.limit,
            pause: state.active_pause(|| now).map(|(end, reason)| Pause {
                remaining: end.duration_since(now),
                reason,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns the pause, unless it is over.
    fn active_pause(&mut self, now: impl FnOnce() -> Instant) -> Option<(Instant, &'static str)> {
        let (end, _) = self.pause?;
        if end <= now() {
            self.pause = None;
        }
        self.pause
    }

    /// Makes the pause last at least until `end`.
    fn extend(&mut self, end: Instant, reason: &'static str) {
        if self.pause.is_none_or(|(present, _)| present < end) {
            self.pause = Some((end, reason));
        }
    }
}

impl Permit<'_> {
    /// Records that the API accepted the request, whatever its response.
    pub(super) fn accepted(&self) {
        let mut state = self.limiter.state();
        state.consecutive_pauses = 0;
        if state.limit == self.limiter.max_concurrency {
            return;
        }
        state.accepted += 1;
        if state.accepted < ACCEPTED_PER_INCREASE {
            return;
        }
        state.accepted = 0;
        state.limit += 1;
        if state.permits_to_retire > 0 {
            state.permits_to_retire -= 1;
        } else {
            self.limiter.permits.add_permits(1);
        }
    }

    /// Holds all requests for the time that the response `asked` for, or for a default time. Returns whether the request may be
    /// sent again for free; `false` after too many consecutive pauses.
    ///
    /// A response to a request that started before the last pause may prolong that pause, but does not halve the limit again.
    pub(super) fn pause(&self, asked: Option<Duration>, reason: &'static str) -> bool {
        let mut state = self.limiter.state();
        let now = Instant::now();
        let is_new = self.generation == state.generation;
        let is_free = !is_new || state.consecutive_pauses < FREE_PAUSES;
        if is_new && is_free {
            let wait = asked.unwrap_or_else(|| default_pause(state.consecutive_pauses));
            state.extend(now + wait, reason);
            state.generation += 1;
            state.consecutive_pauses += 1;
            state.accepted = 0;
            let removed = state.limit / 2;
            state.limit -= removed;
            state.permits_to_retire += removed - self.limiter.permits.forget_permits(removed);
        } else if let Some(wait) = asked {
            state.extend(now + wait, reason);
        }
        is_free
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        if state.permits_to_retire > 0 {
            state.permits_to_retire -= 1;
        } else {
            drop(state);
            self.limiter.permits.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use tokio::time::{Instant, sleep};

    use super::{ACCEPTED_PER_INCREASE, FREE_PAUSES, Limiter, Permit};

    const REASON: &str = "the test asks to wait";
    const SECOND: Duration = Duration::from_secs(1);

    /// Acquires all permits that are available without waiting.
    fn acquire_available(limiter: &Limiter) -> Vec<Permit<'_>> {
        std::iter::from_fn(|| limiter.acquire(1).now_or_never()).collect()
    }

    async fn seconds_until_acquired(limiter: &Limiter) -> u64 {
        let start = Instant::now();
        drop(limiter.acquire(1).await);
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_pause_wins_and_the_limit_is_halved_once() {
        let limiter = Limiter::new(8, None);
        let permits = acquire_available(&limiter);
        assert_eq!(permits.len(), 8);
        for (permit, asked) in permits.iter().zip([2, 5, 1]) {
            assert!(permit.pause(Some(SECOND * asked), REASON));
        }
        assert_eq!(limiter.status().limit, 4);
        let pause = limiter
            .status()
            .pause
            .map(|pause| (pause.remaining.as_secs(), pause.reason));
        assert_eq!(pause, Some((5, REASON)));
        drop(permits);
        assert_eq!(seconds_until_acquired(&limiter).await, 5);
        assert_eq!(limiter.status().pause, None);
        assert_eq!(acquire_available(&limiter).len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_response_does_not_halve_the_limit_again() {
        let limiter = Limiter::new(8, None);
        let (late, early) = (limiter.acquire(1).await, limiter.acquire(1).await);
        early.pause(None, REASON);
        sleep(SECOND * 3).await;
        late.pause(None, REASON);
        assert_eq!(limiter.status().pause, None);
        late.pause(Some(SECOND * 7), REASON);
        assert_eq!(seconds_until_acquired(&limiter).await, 7);
        assert_eq!(limiter.status().limit, 4);
        limiter.acquire(1).await.pause(None, REASON);
        assert_eq!(limiter.status().limit, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn accepted_requests_restore_the_limit() {
        let limiter = Limiter::new(3, None);
        limiter.acquire(1).await.pause(Some(SECOND), REASON);
        sleep(SECOND).await;
        for expected in [2, 3, 3] {
            assert_eq!(acquire_available(&limiter).len(), expected);
            for _ in 0..ACCEPTED_PER_INCREASE {
                limiter.acquire(1).await.accepted();
            }
        }
        // Also if permits are still to be retired when the limit rises.
        let permits = acquire_available(&limiter);
        permits[0].pause(Some(SECOND), REASON);
        for _ in 0..ACCEPTED_PER_INCREASE {
            permits[1].accepted();
        }
        drop(permits);
        sleep(SECOND).await;
        assert_eq!(acquire_available(&limiter).len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn consecutive_pauses_grow_and_end() {
        let limiter = Limiter::new(4, None);
        let mut waits = Vec::new();
        for _ in 0..FREE_PAUSES {
            assert!(limiter.acquire(1).await.pause(None, REASON));
            waits.push(seconds_until_acquired(&limiter).await);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        assert!(!limiter.acquire(1).await.pause(None, REASON));
        assert_eq!(seconds_until_acquired(&limiter).await, 0);
        // A pause that the API asks for is still observed.
        assert!(!limiter.acquire(1).await.pause(Some(SECOND * 9), REASON));
        assert_eq!(seconds_until_acquired(&limiter).await, 9);

        limiter.acquire(1).await.accepted();
        assert!(limiter.acquire(1).await.pause(None, REASON));
        assert_eq!(seconds_until_acquired(&limiter).await, 1);
        assert_eq!(acquire_available(&limiter).len(), 1);
    }
}
