//! How long one request is repeated: until it has an answer, is given up, or no further attempt is worth while.

use std::future::Future;

use tokio::time::sleep;

use super::Error;
use super::pace::Pacer;
use super::retry::{self, Failure, Verdict};
use crate::interrupt::Interrupt;

/// What came of a request, and after how many attempts.
#[derive(Debug)]
pub struct Attempted<T> {
    /// How many requests were sent, without those that the API only asked to wait for.
    pub attempts: u32,
    /// What came of the last one.
    pub result: Result<T, Error>,
}

/// What a request is repeated by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Persistence<'a> {
    /// Whom all requests wait for.
    pub(super) pacer: &'a Pacer,
    /// How often one request is repeated.
    pub(super) max_retries: u32,
    /// Whether asking twice does no more than asking once.
    pub(super) is_idempotent: bool,
    /// Once set, the request under way is the last.
    pub(super) give_up: &'a Interrupt,
}

impl Persistence<'_> {
    /// Makes a request with `make` and sends it with `exchange`, again and again.
    pub(super) async fn send<R, T, F>(
        self,
        make: impl Fn() -> Result<R, Error>,
        exchange: impl Fn(R) -> F,
    ) -> Attempted<T>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut attempts = 0;
        let result = self.persist(make, exchange, &mut attempts).await;
        Attempted { attempts, result }
    }

    async fn persist<R, T, F>(
        self,
        make: impl Fn() -> Result<R, Error>,
        exchange: impl Fn(R) -> F,
        attempts: &mut u32,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut last = None;
        loop {
            let request = make()?;
            let Some(permit) = unless(self.give_up, self.pacer.enter()).await else {
                return Err(Error::GivenUp { after: last });
            };
            let failure = match exchange(request).await {
                Ok(answer) => {
                    permit.taken();
                    *attempts += 1;
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            let verdict = failure.verdict(self.is_idempotent);
            if let Verdict::Pause(reason) = verdict
                && permit.pause(failure.retry_after, reason)
            {
                continue;
            }
            *attempts += 1;
            if verdict == Verdict::Final {
                permit.taken();
                return Err(failure.error);
            }
            drop(permit);
            let retry = *attempts - 1;
            if retry >= self.max_retries {
                return Err(failure.error);
            }
            last = Some(Box::new(failure.error));
            let rest = sleep(retry::backoff(retry, fastrand::f64()));
            if unless(self.give_up, rest).await.is_none() {
                return Err(Error::GivenUp { after: last });
            }
        }
    }
}

/// Waits for `awaited`, unless `give_up` is set before that is over.
async fn unless<T>(give_up: &Interrupt, awaited: impl Future<Output = T>) -> Option<T> {
    let output = tokio::select! {
        biased;
        output = awaited => output,
        () = give_up.wait() => return None,
    };
    (!give_up.is_set()).then_some(output)
}
