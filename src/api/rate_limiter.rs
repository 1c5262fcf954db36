//! Spaces the starts of requests evenly over each second.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// Rates outside these bounds are moved to the nearest one.
const MIN_RATE: f64 = 0.01;
const MAX_RATE: f64 = 10_000.0;

/// How much lateness is made up for: timers fire up to 1 ms late, and tasks on a busy machine start later still. Without this, a
/// limiter that counts whole requests, such as the crate `governor`, reaches 160 of 195 requests per second.
const SLACK: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(super) struct RateLimiter {
    period: Duration,
    /// When the next request may start. The task that waits for it holds the lock, and the others queue up in order.
    due: Mutex<Instant>,
}

impl RateLimiter {
    pub(super) fn new(per_second: f64) -> Self {
        // `clamp` keeps a NaN; `max` then returns its other operand.
        let per_second = per_second.clamp(MIN_RATE, MAX_RATE).max(MIN_RATE);
        Self {
            period: Duration::from_secs_f64(per_second.recip()),
            due: Mutex::new(Instant::now()),
        }
    }

    /// Waits until a request may start, and counts it.
    pub(super) async fn until_ready(&self) {
        let mut due = self.due.lock().await;
        sleep_until(*due).await;
        let now = Instant::now();
        *due = now.checked_sub(SLACK).unwrap_or(now).max(*due) + self.period;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::RateLimiter;

    #[tokio::test(start_paused = true)]
    async fn requests_start_evenly() {
        for (per_second, requests, millis) in [
            (0.5, 2, 4_000),
            (10.0, 10, 1_000),
            (195.0, 1_950, 10_000),
            (1_000.0, 1_000, 1_000),
            (f64::INFINITY, 10_000, 1_000),
            (f64::NAN, 1, 100_000),
        ] {
            let limiter = RateLimiter::new(per_second);
            limiter.until_ready().await;
            let start = Instant::now();
            for _ in 0..requests {
                limiter.until_ready().await;
            }
            let took = start.elapsed().as_millis();
            assert!(
                (millis..millis + 3).contains(&took),
                "{requests} at {per_second}/s took {took} ms"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn idle_time_is_not_made_up_for() {
        let limiter = RateLimiter::new(10.0);
        limiter.until_ready().await;
        sleep(Duration::from_secs(60)).await;
        let start = Instant::now();
        for _ in 0..6 {
            limiter.until_ready().await;
        }
        let took = start.elapsed().as_millis();
        assert!((490..503).contains(&took), "{took} ms");
    }
}
