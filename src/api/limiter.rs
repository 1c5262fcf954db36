//! When a request may start: how many may be under way at once, the pause that the API asked for, and the rate.
//!
//! All requests of a client and its clones go through one [`Limiter`]. A pause holds everybody, and halves how many may be
//! under way; what the API takes wins that back step by step.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::rate_limiter::RateLimiter;
use super::retry::{FREE_PAUSES, default_pause};

/// How many requests must be taken to win one more that may be under way.
const ACCEPTED_PER_INCREASE: u32 = 64;

/// How fast a client may go at the moment.
#[derive(Clone, Debug, PartialEq)]
pub struct LimiterStatus {
    /// How many requests may be under way at once.
    pub limit: usize,
    /// The configured bound, in requests per second.
    pub rate: Option<f64>,
    /// Why no request starts now, where none does.
    pub pause: Option<Pause>,
}

/// A time in which no request starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// How long it still lasts.
    pub left: Duration,
    /// Why, such as `the API asks to wait (429, Retry-After)`.
    pub reason: &'static str,
}

/// Lets requests start.
#[derive(Debug)]
pub(super) struct Limiter {
    max_concurrency: usize,
    slots: Semaphore,
    rate: Option<RateLimiter>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: usize,
    /// Slots that were taken when the limit fell; so many do not come back.
    permits_to_retire: usize,
    /// Requests taken since the limit last changed, while it is below the most.
    accepted: u32,
    /// How many pauses there were, and so in which time between two of them a request started.
    generation: u64,
    /// How many of them came since a request was last taken.
    consecutive_pauses: u32,
    pause: Option<(Instant, &'static str)>,
}

/// Leave to send one request; its end makes room for the next.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit<'a> {
    limiter: &'a Limiter,
    generation: u64,
}

impl Limiter {
    /// Lets `max_concurrency` requests be under way at once, and `rate` start in a second.
    pub(super) fn new(max_concurrency: usize, rate: Option<f64>) -> Self {
        let max_concurrency = max_concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            max_concurrency,
            slots: Semaphore::new(max_concurrency),
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

    /// Waits until a request may start.
    pub(super) async fn acquire(&self) -> Permit<'_> {
        loop {
            if let Ok(slot) = self.slots.acquire().await {
                slot.forget();
            }
            let mut permit = Permit {
                limiter: self,
                generation: 0,
            };
            if let Some(rate) = &self.rate {
                rate.until_ready().await;
            }
            let end = {
                let mut state = self.state();
                permit.generation = state.generation;
                state.active_pause(Instant::now).map(|(end, _)| end)
            };
            let Some(end) = end else {
                return permit;
            };
            // Not held while waiting: the pause may have made slots fewer.
            drop(permit);
            sleep_until(end).await;
        }
    }

    pub(super) fn pace(&self) -> LimiterStatus {
        let mut state = self.state();
        let now = Instant::now();
        LimiterStatus {
            limit: state.limit,
            rate: self.rate.as_ref().map(|rate| rate.per_second),
            pause: state.active_pause(|| now).map(|(end, reason)| Pause {
                left: end.duration_since(now),
                reason,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns the pause that is not over yet.
    fn active_pause(&mut self, now: impl FnOnce() -> Instant) -> Option<(Instant, &'static str)> {
        let (end, _) = self.pause?;
        if end <= now() {
            self.pause = None;
        }
        self.pause
    }

    /// Makes the pause last until `end` at least.
    fn extend(&mut self, end: Instant, reason: &'static str) {
        if self.pause.is_none_or(|(present, _)| present < end) {
            self.pause = Some((end, reason));
        }
    }
}

impl Permit<'_> {
    /// Notes that the API took the request, whatever it answered.
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
            self.limiter.slots.add_permits(1);
        }
    }

    /// Holds everybody for the time that the answer `asked` for, or one of our own; returns whether that is all there is to
    /// do. `false`: there were too many pauses in succession, and the request failed.
    ///
    /// Answers to requests from before the last pause belong to that one: they may prolong it, and halve nothing.
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
            let fewer = state.limit / 2;
            state.limit -= fewer;
            state.permits_to_retire += fewer - self.limiter.slots.forget_permits(fewer);
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
            self.limiter.slots.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use tokio::time::{Instant, sleep};

    use super::{ACCEPTED_PER_INCREASE, FREE_PAUSES, Limiter, Permit};

    const WHY: &str = "the test asks to wait";

    const SECOND: Duration = Duration::from_secs(1);

    /// Takes what can be had without waiting.
    fn acquire_available(limiter: &Limiter) -> Vec<Permit<'_>> {
        std::iter::from_fn(|| limiter.acquire().now_or_never()).collect()
    }

    async fn seconds_until_acquired(limiter: &Limiter) -> u64 {
        let start = Instant::now();
        drop(limiter.acquire().await);
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_pause_wins_and_the_limit_is_halved_once() {
        let limiter = Limiter::new(8, None);
        let permits = acquire_available(&limiter);
        assert_eq!(permits.len(), 8);
        for (permit, asked) in permits.iter().zip([2, 5, 1]) {
            assert!(permit.pause(Some(SECOND * asked), WHY));
        }
        assert_eq!(limiter.pace().limit, 4);
        let pause = limiter
            .pace()
            .pause
            .map(|pause| (pause.left.as_secs(), pause.reason));
        assert_eq!(pause, Some((5, WHY)));
        drop(permits);
        assert_eq!(seconds_until_acquired(&limiter).await, 5);
        assert_eq!(limiter.pace().pause, None);
        assert_eq!(acquire_available(&limiter).len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_from_before_the_pause_halves_nothing_after_it() {
        let limiter = Limiter::new(8, None);
        let (late, early) = (limiter.acquire().await, limiter.acquire().await);
        early.pause(None, WHY);
        sleep(SECOND * 3).await;
        late.pause(None, WHY);
        assert_eq!(limiter.pace().pause, None);
        late.pause(Some(SECOND * 7), WHY);
        assert_eq!(seconds_until_acquired(&limiter).await, 7);
        assert_eq!(limiter.pace().limit, 4);
        limiter.acquire().await.pause(None, WHY);
        assert_eq!(limiter.pace().limit, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn accepted_requests_restore_the_limit() {
        let limiter = Limiter::new(3, None);
        limiter.acquire().await.pause(Some(SECOND), WHY);
        sleep(SECOND).await;
        for expected in [2, 3, 3] {
            assert_eq!(acquire_available(&limiter).len(), expected);
            for _ in 0..ACCEPTED_PER_INCREASE {
                limiter.acquire().await.accepted();
            }
        }
        // Also where slots are owed when the limit rises.
        let permits = acquire_available(&limiter);
        permits[0].pause(Some(SECOND), WHY);
        for _ in 0..ACCEPTED_PER_INCREASE {
            permits[1].accepted();
        }
        drop(permits);
        sleep(SECOND).await;
        assert_eq!(acquire_available(&limiter).len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_in_succession_grow_and_end() {
        let limiter = Limiter::new(4, None);
        let mut waits = Vec::new();
        for _ in 0..FREE_PAUSES {
            assert!(limiter.acquire().await.pause(None, WHY));
            waits.push(seconds_until_acquired(&limiter).await);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        assert!(!limiter.acquire().await.pause(None, WHY));
        assert_eq!(seconds_until_acquired(&limiter).await, 0);
        // What the API asks for is heeded even so.
        assert!(!limiter.acquire().await.pause(Some(SECOND * 9), WHY));
        assert_eq!(seconds_until_acquired(&limiter).await, 9);

        limiter.acquire().await.accepted();
        assert!(limiter.acquire().await.pause(None, WHY));
        assert_eq!(seconds_until_acquired(&limiter).await, 1);
        assert_eq!(acquire_available(&limiter).len(), 1);
    }
}
