//! What holds whenever, however much and to whatever answers is sent: `pace`, `rate`, `retry` and `persist` under a virtual
//! clock, with histories drawn from seeds. A failure names its seed.

use std::cell::{Cell, RefCell};
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use super::Error;
use super::limiter::Limiter;
use super::rate_limiter::RateLimiter;
use super::retry::{FREE_PAUSES, FailedAttempt, backoff, retry_after};
use super::retry_loop::RetryLoop;
use crate::interrupt::Interrupt;

const SEEDS: std::ops::Range<u64> = 0..50;
const WHY: &str = "the test asks to wait";
/// What timers are exact to.
const TICK: Duration = Duration::from_millis(1);

fn millis(rng: &mut Rng, most: u64) -> Duration {
    Duration::from_millis(rng.u64(0..=most))
}

#[tokio::test(start_paused = true)]
async fn no_window_of_time_sees_more_requests_than_the_rate_and_its_slack() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let per_second = rng.f64() * 10_f64.powi(rng.i32(0..4));
        let rate = RateLimiter::new(per_second);
        let mut starts = Vec::new();
        for _ in 0..60 {
            if rng.u8(0..4) == 0 {
                sleep(millis(&mut rng, 3_000)).await;
            }
            rate.until_ready().await;
            starts.push(Instant::now());
        }
        for (from, first) in starts.iter().enumerate() {
            for (to, last) in starts.iter().enumerate().skip(from) {
                let window = (*last - *first).as_secs_f64();
                let burst = 1.0 + rate.per_second * 0.01;
                let most = rate.per_second * window + burst + 1e-6;
                let sent = f64::from(u32::try_from(to - from + 1).unwrap_or(u32::MAX));
                assert!(sent <= most, "seed {seed}: {sent} in {window} s");
            }
        }
    }
}

/// What is known of a pacer from outside.
struct LimiterModel {
    seed: u64,
    most: usize,
    limiter: Limiter,
    rng: RefCell<Rng>,
    in_flight: Cell<usize>,
    /// The latest end that an answer asked for.
    pause: Cell<Instant>,
    /// How many requests have started, and how many had when the limit last fell.
    started: Cell<u64>,
    halved_at: Cell<u64>,
}

impl LimiterModel {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let most = rng.usize(1..40);
        let rate = rng.bool().then(|| 20.0 + rng.f64() * 500.0);
        Self {
            seed,
            most,
            limiter: Limiter::new(most, rate),
            rng: RefCell::new(rng),
            in_flight: Cell::new(0),
            pause: Cell::new(Instant::now()),
            started: Cell::new(0),
            halved_at: Cell::new(0),
        }
    }

    /// Sends some requests, one after the other, with random answers.
    async fn work(&self) {
        let seed = self.seed;
        for _ in 0..25 {
            let permit = self.limiter.acquire().await;
            let number = self.started.get() + 1;
            self.started.set(number);
            self.in_flight.set(self.in_flight.get() + 1);
            let limit = self.limiter.pace().limit;
            assert!((1..=self.most).contains(&limit), "seed {seed}: {limit}");
            assert!(self.in_flight.get() <= limit, "seed {seed}");
            assert!(
                Instant::now() >= self.pause.get(),
                "seed {seed}: one starts in a pause"
            );
            let took = millis(&mut self.rng.borrow_mut(), 200);
            sleep(took).await;
            let before = self.limiter.pace().limit;
            let answer = self.rng.borrow_mut().u8(0..10);
            if answer == 0 {
                let asked = millis(&mut self.rng.borrow_mut(), 5_000);
                permit.pause(Some(asked), WHY);
                self.pause.set(self.pause.get().max(Instant::now() + asked));
                let after = self.limiter.pace().limit;
                let is_new = number > self.halved_at.get();
                assert!(after <= before, "seed {seed}");
                assert!(after >= before.div_ceil(2).max(1), "seed {seed}");
                assert!(is_new || after == before, "seed {seed}: halved twice");
                if after < before {
                    self.halved_at.set(self.started.get());
                }
            } else if answer > 1 {
                permit.accepted();
            }
            self.in_flight.set(self.in_flight.get() - 1);
            drop(permit);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_starts_in_a_pause_and_the_limit_is_kept_and_halves_once() {
    for seed in SEEDS {
        let model = LimiterModel::new(seed);
        join_all((0..30).map(|_| model.work())).await;
        assert_eq!(model.in_flight.get(), 0);
        assert_eq!(model.started.get(), 30 * 25, "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_ends_exactly_with_the_latest_that_was_asked_for() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let most = rng.usize(1..20);
        let limiter = Limiter::new(most, None);
        let mut permits = Vec::new();
        for _ in 0..most {
            permits.push(limiter.acquire().await);
        }
        let mut end = Instant::now();
        for permit in permits {
            let asked = millis(&mut rng, 60_000);
            permit.pause(Some(asked), WHY);
            end = end.max(Instant::now() + asked);
            drop(permit);
            // Still within the pause, or the next would begin another.
            let left = end - Instant::now();
            sleep(left.mul_f64(rng.f64() * 0.5)).await;
        }
        drop(limiter.acquire().await);
        let late = Instant::now().checked_duration_since(end);
        assert!(
            late.is_some_and(|late| late <= TICK),
            "seed {seed}: {late:?}"
        );
    }
}

/// What a request meets.
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
async fn attempts_are_one_more_than_retries_at_most_and_pauses_are_none() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let max_retries = rng.u32(0..8);
        let limiter = Limiter::new(rng.usize(1..4), None);
        let cancel = Interrupt::default();
        let replies = RefCell::new(Vec::new());
        let drawn = RefCell::new(rng);
        let retry_loop = RetryLoop {
            limiter: &limiter,
            max_retries,
            is_idempotent: true,
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
        let sent = retry_loop.send(|| Ok(()), send_once).await;
        let replies = replies.borrow();
        assert!(sent.attempts <= max_retries + 1, "seed {seed}");
        // Pauses in succession, without a request that is taken, are free up to a number; what comes beyond is an attempt.
        let pauses = replies
            .iter()
            .filter(|reply| **reply == ServerReply::Pause)
            .count();
        let free = u32::try_from(pauses).unwrap_or(u32::MAX).min(FREE_PAUSES);
        let requests = u32::try_from(replies.len()).unwrap_or(u32::MAX);
        assert_eq!(sent.attempts, requests - free, "seed {seed}: {replies:?}");
        let is_success = replies.last() == Some(&ServerReply::Success);
        assert_eq!(sent.result.is_ok(), is_success, "seed {seed}");
        let is_final = matches!(
            replies.last(),
            Some(ServerReply::Success | ServerReply::Rejected)
        );
        assert!(is_final || sent.attempts == max_retries + 1, "seed {seed}");
    }
}

#[test]
fn backoff_lies_within_its_doubling_bound() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let number = rng.u32(0..=100);
        let wait = backoff(number, rng.f64());
        let bound = 0.5 * 2_f64.powi(i32::try_from(number).unwrap_or(i32::MAX));
        assert!(wait.as_secs_f64() <= bound.min(30.0), "{number}: {wait:?}");
    }
}

#[test]
fn whatever_an_answer_asks_for_the_wait_has_bounds() {
    const PIECES: [&str; 14] = [
        "0",
        "7",
        "99999999999999999999",
        "-",
        "+",
        ".5",
        " ",
        "\u{a0}",
        "٣",
        "Tue, 14 Nov 2023",
        " 22:13:20 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "e9",
        "é",
    ];
    let bounds = Duration::from_millis(100)..=Duration::from_secs(24 * 60 * 60);
    for seed in 0..20_000 {
        let mut rng = Rng::with_seed(seed);
        let mut text = || -> String {
            (0..rng.usize(0..4))
                .filter_map(|_| rng.choice(PIECES))
                .collect()
        };
        let (value, date) = (text(), text());
        for answered in [None, Some(&*date)] {
            for now in [SystemTime::UNIX_EPOCH, SystemTime::now()] {
                let wait = retry_after(&value, answered, now);
                assert!(
                    wait.is_none_or(|wait| bounds.contains(&wait)),
                    "`{value}`, `{date}`: {wait:?}"
                );
            }
        }
    }
}
