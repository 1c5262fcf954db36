//! Sends one request until it succeeds, is cancelled, or no further attempt is worthwhile.

use std::future::Future;

use tokio::time::sleep;

use super::Error;
use super::limiter::Limiter;
use super::retry::{FailedAttempt, Repetition, RetryDecision};
use crate::interrupt::Interrupt;

/// The result of a request, and how many attempts it took.
#[derive(Debug)]
pub struct RetryOutcome<T> {
    /// The number of requests sent, without those that the API only asked to wait for.
    pub attempts: u32,
    /// The result of the last one.
    pub result: Result<T, Error>,
}

impl<T> RetryOutcome<T> {
    /// Interprets the response, if there was one.
    pub(super) fn and_then<U>(
        self,
        interpret: impl FnOnce(T) -> Result<U, Error>,
    ) -> RetryOutcome<U> {
        RetryOutcome {
            attempts: self.attempts,
            result: self.result.and_then(interpret),
        }
    }
}

/// The outcome of a request that could not be built.
impl<T> From<Error> for RetryOutcome<T> {
    fn from(error: Error) -> Self {
        Self {
            attempts: 0,
            result: Err(error),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct RetryLoop<'a> {
    pub(super) limiter: &'a Limiter,
    /// How many requests are sent in one attempt, at once.
    pub(super) requests: u32,
    pub(super) max_retries: u32,
    pub(super) repetition: Repetition,
    /// Once it is set, the request in flight is the last.
    pub(super) cancel: &'a Interrupt,
}

impl RetryLoop<'_> {
    /// Builds and sends a request until there is a result.
    pub(super) async fn send<R, T, F>(
        self,
        build_request: impl Fn() -> Result<R, Error>,
        send_once: impl Fn(R) -> F,
    ) -> RetryOutcome<T>
    where
        F: Future<Output = Result<T, FailedAttempt>>,
    {
        let (mut attempts, mut last_error) = (0, None);
        let result = loop {
            let request = match build_request() {
                Ok(request) => request,
                Err(error) => break Err(error),
            };
            let Some(permit) =
                unless_cancelled(self.cancel, self.limiter.acquire(self.requests)).await
            else {
                break Err(Error::Cancelled { after: last_error });
            };
            let failed = match send_once(request).await {
                Ok(response) => {
                    permit.accepted();
                    attempts += 1;
                    break Ok(response);
                }
                Err(failed) => failed,
            };
            let decision = failed.retry_decision(self.repetition);
            if let RetryDecision::Pause(reason) = decision
                && permit.pause(failed.retry_after, reason)
            {
                continue;
            }
            attempts += 1;
            if decision == RetryDecision::Final {
                permit.accepted();
                break Err(failed.error);
            }
            drop(permit);
            let retry = attempts - 1;
            if decision == RetryDecision::Unclear || retry >= self.max_retries {
                break Err(failed.error);
            }
            let delay = sleep(failed.delay(self.repetition, retry, fastrand::f64()));
            last_error = Some(Box::new(failed.error));
            if unless_cancelled(self.cancel, delay).await.is_none() {
                break Err(Error::Cancelled { after: last_error });
            }
        };
        RetryOutcome { attempts, result }
    }
}

/// Awaits `future`; `None` if `cancel` is set before it is ready.
async fn unless_cancelled<T>(cancel: &Interrupt, future: impl Future<Output = T>) -> Option<T> {
    let output = tokio::select! {
        biased;
        output = future => output,
        () = cancel.wait() => return None,
    };
    (!cancel.is_set()).then_some(output)
}
