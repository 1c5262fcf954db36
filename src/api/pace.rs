//! When a request may start: how many may be under way at once, the pause that the API asked for, and the rate.
//!
//! All requests of a client and its clones go through one [`Pacer`]. A pause holds everybody, and halves how many may be
//! under way; what the API takes wins that back step by step.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::rate::Rate;
use super::retry::{FREE_PAUSES, untold_pause};

/// How many requests must be taken to win one more that may be under way.
const STEP: u32 = 64;

/// How fast a client may go at the moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
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
pub(super) struct Pacer {
    most: usize,
    slots: Semaphore,
    rate: Option<Rate>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: usize,
    /// Slots that were taken when the limit fell; so many do not come back.
    owed: usize,
    /// Requests taken since the limit last changed, while it is below the most.
    taken: u32,
    /// How many pauses there were, and so in which time between two of them a request started.
    era: u64,
    /// How many of them came since a request was last taken.
    in_succession: u32,
    pause: Option<(Instant, &'static str)>,
}

/// Leave to send one request; its end makes room for the next.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit<'a> {
    pacer: &'a Pacer,
    era: u64,
}

impl Pacer {
    /// Lets `most` requests be under way at once, and `rate` start in a second.
    pub(super) fn new(most: usize, rate: Option<f64>) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            most,
            slots: Semaphore::new(most),
            rate: rate.map(Rate::new),
            state: Mutex::new(State {
                limit: most,
                owed: 0,
                taken: 0,
                era: 0,
                in_succession: 0,
                pause: None,
            }),
        }
    }

    /// Waits until a request may start.
    pub(super) async fn enter(&self) -> Permit<'_> {
        loop {
            if let Ok(slot) = self.slots.acquire().await {
                slot.forget();
            }
            let mut permit = Permit {
                pacer: self,
                era: 0,
            };
            if let Some(rate) = &self.rate {
                rate.turn().await;
            }
            let end = {
                let mut state = self.state();
                permit.era = state.era;
                state.paused(Instant::now).map(|(end, _)| end)
            };
            let Some(end) = end else {
                return permit;
            };
            // Not held while waiting: the pause may have made slots fewer.
            drop(permit);
            sleep_until(end).await;
        }
    }

    pub(super) fn pace(&self) -> Pace {
        let mut state = self.state();
        let now = Instant::now();
        Pace {
            limit: state.limit,
            rate: self.rate.as_ref().map(|rate| rate.per_second),
            pause: state.paused(|| now).map(|(end, reason)| Pause {
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
    fn paused(&mut self, now: impl FnOnce() -> Instant) -> Option<(Instant, &'static str)> {
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
    pub(super) fn taken(&self) {
        let mut state = self.pacer.state();
        state.in_succession = 0;
        if state.limit == self.pacer.most {
            return;
        }
        state.taken += 1;
        if state.taken < STEP {
            return;
        }
        state.taken = 0;
        state.limit += 1;
        if state.owed > 0 {
            state.owed -= 1;
        } else {
            self.pacer.slots.add_permits(1);
        }
    }

    /// Holds everybody for the time that the answer `asked` for, or one of our own; returns whether that is all there is to
    /// do. `false`: there were too many pauses in succession, and the request failed.
    ///
    /// Answers to requests from before the last pause belong to that one: they may prolong it, and halve nothing.
    pub(super) fn pause(&self, asked: Option<Duration>, reason: &'static str) -> bool {
        let mut state = self.pacer.state();
        let now = Instant::now();
        let is_new = self.era == state.era;
        let is_free = !is_new || state.in_succession < FREE_PAUSES;
        if is_new && is_free {
            let wait = asked.unwrap_or_else(|| untold_pause(state.in_succession));
            state.extend(now + wait, reason);
            state.era += 1;
            state.in_succession += 1;
            state.taken = 0;
            let fewer = state.limit / 2;
            state.limit -= fewer;
            state.owed += fewer - self.pacer.slots.forget_permits(fewer);
        } else if let Some(wait) = asked {
            state.extend(now + wait, reason);
        }
        is_free
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.pacer.state();
        if state.owed > 0 {
            state.owed -= 1;
        } else {
            drop(state);
            self.pacer.slots.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use tokio::time::{Instant, sleep};

    use super::{FREE_PAUSES, Pacer, Permit, STEP};

    const WHY: &str = "the test asks to wait";

    const SECOND: Duration = Duration::from_secs(1);

    /// Takes what can be had without waiting.
    fn at_once(pacer: &Pacer) -> Vec<Permit<'_>> {
        std::iter::from_fn(|| pacer.enter().now_or_never()).collect()
    }

    async fn until_entered(pacer: &Pacer) -> u64 {
        let start = Instant::now();
        drop(pacer.enter().await);
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_of_several_pauses_holds_and_only_one_halves() {
        let pacer = Pacer::new(8, None);
        let permits = at_once(&pacer);
        assert_eq!(permits.len(), 8);
        for (permit, asked) in permits.iter().zip([2, 5, 1]) {
            assert!(permit.pause(Some(SECOND * asked), WHY));
        }
        assert_eq!(pacer.pace().limit, 4);
        let pause = pacer
            .pace()
            .pause
            .map(|pause| (pause.left.as_secs(), pause.reason));
        assert_eq!(pause, Some((5, WHY)));
        drop(permits);
        assert_eq!(until_entered(&pacer).await, 5);
        assert_eq!(pacer.pace().pause, None);
        assert_eq!(at_once(&pacer).len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_from_before_the_pause_halves_nothing_after_it() {
        let pacer = Pacer::new(8, None);
        let (late, early) = (pacer.enter().await, pacer.enter().await);
        early.pause(None, WHY);
        sleep(SECOND * 3).await;
        late.pause(None, WHY);
        assert_eq!(pacer.pace().pause, None);
        late.pause(Some(SECOND * 7), WHY);
        assert_eq!(until_entered(&pacer).await, 7);
        assert_eq!(pacer.pace().limit, 4);
        pacer.enter().await.pause(None, WHY);
        assert_eq!(pacer.pace().limit, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_are_taken_win_back_what_a_pause_took() {
        let pacer = Pacer::new(3, None);
        pacer.enter().await.pause(Some(SECOND), WHY);
        sleep(SECOND).await;
        for expected in [2, 3, 3] {
            assert_eq!(at_once(&pacer).len(), expected);
            for _ in 0..STEP {
                pacer.enter().await.taken();
            }
        }
        // Also where slots are owed when the limit rises.
        let permits = at_once(&pacer);
        permits[0].pause(Some(SECOND), WHY);
        for _ in 0..STEP {
            permits[1].taken();
        }
        drop(permits);
        sleep(SECOND).await;
        assert_eq!(at_once(&pacer).len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_in_succession_grow_and_end() {
        let pacer = Pacer::new(4, None);
        let mut waits = Vec::new();
        for _ in 0..FREE_PAUSES {
            assert!(pacer.enter().await.pause(None, WHY));
            waits.push(until_entered(&pacer).await);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        assert!(!pacer.enter().await.pause(None, WHY));
        assert_eq!(until_entered(&pacer).await, 0);
        // What the API asks for is heeded even so.
        assert!(!pacer.enter().await.pause(Some(SECOND * 9), WHY));
        assert_eq!(until_entered(&pacer).await, 9);

        pacer.enter().await.taken();
        assert!(pacer.enter().await.pause(None, WHY));
        assert_eq!(until_entered(&pacer).await, 1);
        assert_eq!(at_once(&pacer).len(), 1);
    }
}
