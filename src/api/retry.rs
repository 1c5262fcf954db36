//! Decides what to do after a failed request: give up, retry, or pause all requests.
//!
//! Pure decisions: nothing here waits or sends, and time and jitter are passed in.

use std::time::{Duration, SystemTime};

use super::Error;

/// How many consecutive pauses, without an accepted request in between, use no attempt.
pub(super) const FREE_PAUSES: u32 = 10;

/// Bounds of a pause that a response asks for.
const MIN_RETRY_AFTER: Duration = Duration::from_millis(100);
const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Bounds of a pause after a response that does not say how long.
const MIN_DEFAULT_PAUSE: Duration = Duration::from_secs(1);
const MAX_DEFAULT_PAUSE: Duration = Duration::from_secs(60);

/// How many times a request that changes nothing is sent again at once after its connection broke.
const RETRIES_AT_ONCE: u32 = 2;

const BACKOFF_BASE: Duration = Duration::from_millis(500);
const BACKOFF_CAP: Duration = Duration::from_secs(30);

/// A request without a usable response.
#[derive(Debug)]
pub(super) struct FailedAttempt {
    pub(super) error: Error,
    pub(super) retry_after: Option<Duration>,
}

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repetition {
    /// At any time: it changes nothing.
    AtOnce,
    /// Only if the API has certainly finished with it. After that, sending it twice does no more than sending it once.
    AfterClearEnd,
    /// Only if it certainly had no effect.
    WithoutEffect,
}

/// What to do after a [`FailedAttempt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryDecision {
    /// Give up: the API refused the request, and would refuse it again.
    Final,
    /// Give up for now: the API may still be carrying out the request.
    Unclear,
    /// Send the request again: it may succeed.
    Retry,
    /// Hold all requests, for this reason.
    Pause(&'static str),
}

impl From<Error> for FailedAttempt {
    fn from(error: Error) -> Self {
        Self {
            error,
            retry_after: None,
        }
    }
}

impl FailedAttempt {
    /// Decides what to do.
    pub(super) fn retry_decision(&self, repetition: Repetition) -> RetryDecision {
        let has_retry_after = self.retry_after.is_some();
        match self.error.status() {
            Some(429) if has_retry_after => {
                RetryDecision::Pause("the API asks to wait (429, Retry-After)")
            }
            Some(429) => RetryDecision::Pause("the API asks to wait (429)"),
            _ if repetition == Repetition::WithoutEffect && self.error.may_have_taken_effect() => {
                RetryDecision::Final
            }
            _ if repetition == Repetition::AfterClearEnd && self.error.is_unclear() => {
                RetryDecision::Unclear
            }
            Some(503) if has_retry_after => {
                RetryDecision::Pause("the API asks to wait (503, Retry-After)")
            }
            _ if is_transient(&self.error) => RetryDecision::Retry,
            _ => RetryDecision::Final,
        }
    }

    /// Returns how long to wait before a retry; `number` counts retries from 0, and `jitter` is uniform in `0.0..1.0`. A connection
    /// that breaks does not show that the service is busy, so a request that changes nothing is sent again at once, for the first few
    /// times: a list of many pages would otherwise take as long as its unluckiest page.
    pub(super) fn delay(&self, repetition: Repetition, number: u32, jitter: f64) -> Duration {
        match self.error {
            Error::ConnectionLost { .. } if repetition == Repetition::AtOnce => {
                let waits = number.checked_sub(RETRIES_AT_ONCE);
                waits.map_or(Duration::ZERO, |waits| backoff(waits, jitter))
            }
            _ => backoff(number, jitter),
        }
    }
}

/// Returns whether the same request may succeed later.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Connect { .. } | Error::Timeout { .. } | Error::ConnectionLost { .. } => true,
        Error::ErrorResponse { status, .. } => matches!(status, 408 | 425 | 500 | 502 | 503 | 504),
        // A page from a proxy, which may forward requests again soon, unless it blames the request.
        Error::NotJson { status, .. } => matches!(status, 408 | 425 | 200..=299) || *status >= 500,
        _ => false,
    }
}

/// Parses a `Retry-After` header, in seconds or as an HTTP date; `None` if it is neither.
///
/// A date is relative to `date`, the `Date` header of the same response, so that wrong clocks do not matter; without one, to
/// `now`.
pub(super) fn retry_after(value: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        value.parse().map_or(MAX_RETRY_AFTER, Duration::from_secs)
    } else {
        let until = httpdate::parse_http_date(value).ok()?;
        let since = date
            .and_then(|date| httpdate::parse_http_date(date).ok())
            .unwrap_or(now);
        until.duration_since(since).unwrap_or_default()
    };
    Some(wait.clamp(MIN_RETRY_AFTER, MAX_RETRY_AFTER))
}

/// Returns how long to pause if the response does not say; `number` counts consecutive pauses from 0.
pub(super) fn default_pause(number: u32) -> Duration {
    exponential(MIN_DEFAULT_PAUSE, number, MAX_DEFAULT_PAUSE)
}

/// Returns the delay before a retry; `number` counts retries from 0, and `jitter` is uniform in `0.0..1.0`.
///
/// "Full jitter" of <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>: requests that failed together
/// are not retried together.
pub(super) fn backoff(number: u32, jitter: f64) -> Duration {
    exponential(BACKOFF_BASE, number, BACKOFF_CAP).mul_f64(jitter)
}

fn exponential(base: Duration, times: u32, cap: Duration) -> Duration {
    base.saturating_mul(2_u32.saturating_pow(times)).min(cap)
}

#[cfg(test)]
mod tests;
