//! Properties of the limiters and the retry loop that hold for random requests, responses and delays, under a virtual clock. A
//! failure names its seed.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use fastrand::Rng;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use super::Error;
use super::limiter::Limiter;
use super::rate_limiter::RateLimiter;
use super::retry::{FREE_PAUSES, FailedAttempt, Repetition};
use super::retry_loop::RetryLoop;
use crate::interrupt::Interrupt;

const SEEDS: std::ops::Range<u64> = 0..50;
const REASON: &str = "the test asks to wait";
/// The resolution of timers.
const TICK: Duration = Duration::from_millis(1);

fn millis(rng: &mut Rng, max: u64) -> Duration {
    Duration::from_millis(rng.u64(0..=max))
}

#[tokio::test(start_paused = true)]
async fn no_time_window_exceeds_the_rate_and_its_slack() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let per_second = (rng.f64() * 10_f64.powi(rng.i32(0..4))).max(0.01);
        let limiter = RateLimiter::new(per_second);
        let mut starts = Vec::new();
        for _ in 0..60 {
            if rng.u8(0..4) == 0 {
                sleep(millis(&mut rng, 3_000)).await;
            }
            limiter.until_ready().await;
            starts.push(Instant::now());
        }
        for (from, first) in starts.iter().enumerate() {
            for (to, last) in starts.iter().enumerate().skip(from) {
                let window = (*last - *first).as_secs_f64();
                let burst = 1.0 + per_second * 0.01;
                let max = per_second * window + burst + 1e-6;
                let sent = f64::from(u32::try_from(to - from + 1).unwrap_or(u32::MAX));
                assert!(sent <= max, "seed {seed}: {sent} in {window} s");
            }
        }
    }
}

/// What can be observed of a limiter from outside.
struct LimiterModel {
    seed: u64,
    max_concurrency: usize,
    limiter: Limiter,
    rng: RefCell<Rng>,
    in_flight: Cell<usize>,
    /// The latest end of a pause that a response asked for.
    pause_end: Cell<Instant>,
    /// How many requests have started; `halved_at` when the limit last fell.
    started: Cell<u64>,
    halved_at: Cell<u64>,
}

impl LimiterModel {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let max_concurrency = rng.usize(1..40);
        let rate = rng.bool().then(|| 20.0 + rng.f64() * 500.0);
        Self {
            seed,
            max_concurrency,
            limiter: Limiter::new(max_concurrency, rate),
            rng: RefCell::new(rng),
            in_flight: Cell::new(0),
            pause_end: Cell::new(Instant::now()),
            started: Cell::new(0),
            halved_at: Cell::new(0),
        }
    }

    /// Sends requests one after the other, with random responses.
    async fn work(&self) {
        let seed = self.seed;
        for _ in 0..25 {
            let permit = self.limiter.acquire(1).await;
            let number = self.started.get() + 1;
            self.started.set(number);
            self.in_flight.set(self.in_flight.get() + 1);
            let limit = self.limiter.status().limit;
            assert!(
                (1..=self.max_concurrency).contains(&limit),
                "seed {seed}: {limit}"
            );
            assert!(self.in_flight.get() <= limit, "seed {seed}");
            assert!(
                Instant::now() >= self.pause_end.get(),
                "seed {seed}: a request started during a pause"
            );
            let took = millis(&mut self.rng.borrow_mut(), 200);
            sleep(took).await;
            let before = self.limiter.status().limit;
            let response = self.rng.borrow_mut().u8(0..10);
            if response == 0 {
                let asked = millis(&mut self.rng.borrow_mut(), 5_000);
                permit.pause(Some(asked), REASON);
                self.pause_end
                    .set(self.pause_end.get().max(Instant::now() + asked));
                let after = self.limiter.status().limit;
                let is_new = number > self.halved_at.get();
                assert!(after <= before, "seed {seed}");
                assert!(after >= before.div_ceil(2).max(1), "seed {seed}");
                assert!(is_new || after == before, "seed {seed}: halved twice");
                if after < before {
                    self.halved_at.set(self.started.get());
                }
            } else if response > 1 {
                permit.accepted();
            }
            self.in_flight.set(self.in_flight.get() - 1);
            drop(permit);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_request_starts_in_a_pause_and_each_pause_halves_the_limit_once() {
    for seed in SEEDS {
        let model = LimiterModel::new(seed);
        join_all((0..30).map(|_| model.work())).await;
        assert_eq!(model.in_flight.get(), 0);
        assert_eq!(model.started.get(), 30 * 25, "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_ends_at_the_latest_end_asked_for() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let concurrency = rng.usize(1..20);
        let limiter = Limiter::new(concurrency, None);
        let mut permits = Vec::new();
        for _ in 0..concurrency {
            permits.push(limiter.acquire(1).await);
        }
        let mut end = Instant::now();
        for permit in permits {
            let asked = millis(&mut rng, 60_000);
            permit.pause(Some(asked), REASON);
            end = end.max(Instant::now() + asked);
            drop(permit);
            // Stay within the pause: after it, the next response would begin another.
            let left = end - Instant::now();
            sleep(left.mul_f64(rng.f64() * 0.5)).await;
        }
        drop(limiter.acquire(1).await);
        let late = Instant::now().checked_duration_since(end);
        assert!(
            late.is_some_and(|late| late <= TICK),
            "seed {seed}: {late:?}"
        );
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServerReply {
    Success,
    Transient,
    Rejected,
    Pause,
}

fn failed(status: u16, retry_after: Option<Duration>) -> FailedAttempt {
    let (code, message) = (None, None);
    FailedAttempt {
        error: Error::ErrorResponse {
            status,
            code,
            message,
        },
        retry_after,
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_limited_and_pauses_are_free() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let max_retries = rng.u32(0..8);
        let limiter = Limiter::new(rng.usize(1..4), None);
        let cancel = Interrupt::default();
        let replies = RefCell::new(Vec::new());
        let drawn = RefCell::new(rng);
        let retry_loop = RetryLoop {
            limiter: &limiter,
            requests: 1,
            max_retries,
            repetition: Repetition::AtOnce,
            cancel: &cancel,
        };
        let send_once = |()| {
            let mut rng = drawn.borrow_mut();
            let reply = match rng.u8(0..20) {
                0 => ServerReply::Success,
                1 => ServerReply::Rejected,
                2..8 => ServerReply::Transient,
                _ => ServerReply::Pause,
            };
            replies.borrow_mut().push(reply);
            let asked = rng.bool().then(|| millis(&mut rng, 2_000));
            async move {
                match reply {
                    ServerReply::Success => Ok(()),
                    ServerReply::Transient => Err(failed(500, None)),
                    ServerReply::Rejected => Err(failed(400, None)),
                    ServerReply::Pause => Err(failed(429, asked)),
                }
            }
        };
        let outcome = retry_loop.send(|| Ok(()), send_once).await;
        let replies = replies.borrow();
        assert!(outcome.attempts <= max_retries + 1, "seed {seed}");
        // The first consecutive pauses are free; further ones are attempts.
        let pauses = replies
            .iter()
            .filter(|reply| **reply == ServerReply::Pause)
            .count();
        let free = u32::try_from(pauses).unwrap_or(u32::MAX).min(FREE_PAUSES);
        let requests = u32::try_from(replies.len()).unwrap_or(u32::MAX);
        assert_eq!(
            outcome.attempts,
            requests - free,
            "seed {seed}: {replies:?}"
        );
        let is_success = replies.last() == Some(&ServerReply::Success);
        assert_eq!(outcome.result.is_ok(), is_success, "seed {seed}");
        let is_final = matches!(
            replies.last(),
            Some(ServerReply::Success | ServerReply::Rejected)
        );
        assert!(
            is_final || outcome.attempts == max_retries + 1,
            "seed {seed}"
        );
    }
}
