//! How long one request is repeated: until it has an answer, is given up, or no further attempt is worth while.

use std::future::Future;

use tokio::time::sleep;

use super::Error;
use super::limiter::Limiter;
use super::retry::{self, FailedAttempt, RetryDecision};
use crate::interrupt::Interrupt;

/// What came of a request, and after how many attempts.
#[derive(Debug)]
pub struct RetryOutcome<T> {
    /// How many requests were sent, without those that the API only asked to wait for.
    pub attempts: u32,
    /// What came of the last one.
    pub result: Result<T, Error>,
}

/// What a request is repeated by.
#[derive(Clone, Copy, Debug)]
pub(super) struct RetryLoop<'a> {
    /// Whom all requests wait for.
    pub(super) limiter: &'a Limiter,
    /// How often one request is repeated.
    pub(super) max_retries: u32,
    /// Whether asking twice does no more than asking once.
    pub(super) is_idempotent: bool,
    /// Once set, the request under way is the last.
    pub(super) cancel: &'a Interrupt,
}

impl RetryLoop<'_> {
    /// Makes a request with `build_request` and sends it with `send_once`, again and again.
    pub(super) async fn send<R, T, F>(
        self,
        build_request: impl Fn() -> Result<R, Error>,
        send_once: impl Fn(R) -> F,
    ) -> RetryOutcome<T>
    where
        F: Future<Output = Result<T, FailedAttempt>>,
    {
        let mut attempts = 0;
        let result = self.run(build_request, send_once, &mut attempts).await;
        RetryOutcome { attempts, result }
    }

    async fn run<R, T, F>(
        self,
        build_request: impl Fn() -> Result<R, Error>,
        send_once: impl Fn(R) -> F,
        attempts: &mut u32,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, FailedAttempt>>,
    {
        let mut last = None;
        loop {
            let request = build_request()?;
            let Some(permit) = unless_interrupted(self.cancel, self.limiter.acquire()).await else {
                return Err(Error::Cancelled { after: last });
            };
            let failure = match send_once(request).await {
                Ok(answer) => {
                    permit.accepted();
                    *attempts += 1;
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            let retry_decision = failure.retry_decision(self.is_idempotent);
            if let RetryDecision::Pause(reason) = retry_decision
                && permit.pause(failure.retry_after, reason)
            {
                continue;
            }
            *attempts += 1;
            if retry_decision == RetryDecision::Final {
                permit.accepted();
                return Err(failure.error);
            }
            drop(permit);
            let retry = *attempts - 1;
            if retry >= self.max_retries {
                return Err(failure.error);
            }
            last = Some(Box::new(failure.error));
            let rest = sleep(retry::backoff(retry, fastrand::f64()));
            if unless_interrupted(self.cancel, rest).await.is_none() {
                return Err(Error::Cancelled { after: last });
            }
        }
    }
}

/// Waits for `awaited`, unless `cancel` is set before that is over.
async fn unless_interrupted<T>(cancel: &Interrupt, awaited: impl Future<Output = T>) -> Option<T> {
    let output = tokio::select! {
        biased;
        output = awaited => output,
        () = cancel.wait() => return None,
    };
    (!cancel.is_set()).then_some(output)
}
