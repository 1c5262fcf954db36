//! What holds whenever, however much and to whatever answers is sent: `pace`, `rate`, `retry` and `persist` under a virtual
//! clock, with histories drawn from seeds. A failure names its seed.

use std::cell::{Cell, RefCell};
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use super::Error;
use super::pace::Pacer;
use super::persist::Persistence;
use super::rate::Rate;
use super::retry::{FREE_PAUSES, Failure, backoff, retry_after};
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
        let rate = Rate::new(per_second);
        let mut starts = Vec::new();
        for _ in 0..60 {
            if rng.u8(0..4) == 0 {
                sleep(millis(&mut rng, 3_000)).await;
            }
            rate.turn().await;
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
struct Watched {
    seed: u64,
    most: usize,
    pacer: Pacer,
    rng: RefCell<Rng>,
    under_way: Cell<usize>,
    /// The latest end that an answer asked for.
    pause: Cell<Instant>,
    /// How many requests have started, and how many had when the limit last fell.
    started: Cell<u64>,
    fell: Cell<u64>,
}

impl Watched {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let most = rng.usize(1..40);
        let rate = rng.bool().then(|| 20.0 + rng.f64() * 500.0);
        Self {
            seed,
            most,
            pacer: Pacer::new(most, rate),
            rng: RefCell::new(rng),
            under_way: Cell::new(0),
            pause: Cell::new(Instant::now()),
            started: Cell::new(0),
            fell: Cell::new(0),
        }
    }

    /// Sends some requests, one after the other, with random answers.
    async fn work(&self) {
        let seed = self.seed;
        for _ in 0..25 {
            let permit = self.pacer.enter().await;
            let number = self.started.get() + 1;
            self.started.set(number);
            self.under_way.set(self.under_way.get() + 1);
            let limit = self.pacer.pace().limit;
            assert!((1..=self.most).contains(&limit), "seed {seed}: {limit}");
            assert!(self.under_way.get() <= limit, "seed {seed}");
            assert!(
                Instant::now() >= self.pause.get(),
                "seed {seed}: one starts in a pause"
            );
            let took = millis(&mut self.rng.borrow_mut(), 200);
            sleep(took).await;
            let before = self.pacer.pace().limit;
            let answer = self.rng.borrow_mut().u8(0..10);
            if answer == 0 {
                let asked = millis(&mut self.rng.borrow_mut(), 5_000);
                permit.pause(Some(asked), WHY);
                self.pause.set(self.pause.get().max(Instant::now() + asked));
                let after = self.pacer.pace().limit;
                let is_new = number > self.fell.get();
                assert!(after <= before, "seed {seed}");
                assert!(after >= before.div_ceil(2).max(1), "seed {seed}");
                assert!(is_new || after == before, "seed {seed}: halved twice");
                if after < before {
                    self.fell.set(self.started.get());
                }
            } else if answer > 1 {
                permit.taken();
            }
            self.under_way.set(self.under_way.get() - 1);
            drop(permit);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_starts_in_a_pause_and_the_limit_is_kept_and_halves_once() {
    for seed in SEEDS {
        let watched = Watched::new(seed);
        join_all((0..30).map(|_| watched.work())).await;
        assert_eq!(watched.under_way.get(), 0);
        assert_eq!(watched.started.get(), 30 * 25, "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_ends_exactly_with_the_latest_that_was_asked_for() {
    for seed in SEEDS {
        let mut rng = Rng::with_seed(seed);
        let most = rng.usize(1..20);
        let pacer = Pacer::new(most, None);
        let mut permits = Vec::new();
        for _ in 0..most {
            permits.push(pacer.enter().await);
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
        drop(pacer.enter().await);
        let late = Instant::now().checked_duration_since(end);
        assert!(
            late.is_some_and(|late| late <= TICK),
            "seed {seed}: {late:?}"
        );
    }
}

/// What a request meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meets {
    Success,
    Passing,
    Refusal,
    Pause,
}

fn failed(status: u16, retry_after: Option<Duration>) -> Failure {
    let (code, message) = (None, None);
    Failure {
        error: Error::Refused {
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
        let pacer = Pacer::new(rng.usize(1..4), None);
        let give_up = Interrupt::default();
        let met = RefCell::new(Vec::new());
        let drawn = RefCell::new(rng);
        let persistence = Persistence {
            pacer: &pacer,
            max_retries,
            is_idempotent: true,
            give_up: &give_up,
        };
        let exchange = |()| {
            let mut rng = drawn.borrow_mut();
            let meets = match rng.u8(0..20) {
                0 => Meets::Success,
                1 => Meets::Refusal,
                2..8 => Meets::Passing,
                _ => Meets::Pause,
            };
            met.borrow_mut().push(meets);
            let asked = rng.bool().then(|| millis(&mut rng, 2_000));
            async move {
                match meets {
                    Meets::Success => Ok(()),
                    Meets::Passing => Err(failed(500, None)),
                    Meets::Refusal => Err(failed(400, None)),
                    Meets::Pause => Err(failed(429, asked)),
                }
            }
        };
        let sent = persistence.send(|| Ok(()), exchange).await;
        let met = met.borrow();
        assert!(sent.attempts <= max_retries + 1, "seed {seed}");
        // Pauses in succession, without a request that is taken, are free up to a number; what comes beyond is an attempt.
        let pauses = met.iter().filter(|meets| **meets == Meets::Pause).count();
        let free = u32::try_from(pauses).unwrap_or(u32::MAX).min(FREE_PAUSES);
        let requests = u32::try_from(met.len()).unwrap_or(u32::MAX);
        assert_eq!(sent.attempts, requests - free, "seed {seed}: {met:?}");
        let is_success = met.last() == Some(&Meets::Success);
        assert_eq!(sent.result.is_ok(), is_success, "seed {seed}");
        let is_final = matches!(met.last(), Some(Meets::Success | Meets::Refusal));
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
