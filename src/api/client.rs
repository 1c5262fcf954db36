//! The client: every request goes through the limiter and the retry loop to the transport.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{RequestBuilder, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::limiter::Limiter;
use super::retry::Repetition;
use super::retry_loop::{RetryLoop, RetryOutcome};
use super::transport::Transport;
use super::{Config, Error, LimiterStatus};
use crate::interrupt::Interrupt;

/// How one kind of request is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestOptions {
    /// Time limit, from connecting to the last byte.
    pub(super) timeout: Duration,
    pub(super) repetition: Repetition,
}

/// A client of the Gradient API. Clones share connections and limits.
///
/// Requests respect the [`RequestLimits`](super::RequestLimits), and all of them pause when the API asks for it. Requests
/// that may succeed later are retried with a random delay.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    limiter: Limiter,
    transport: Transport,
}

impl Client {
    /// Creates a client that connects when it sends its first request.
    pub fn new(config: Config) -> Self {
        Self {
            shared: Arc::new(Shared {
                limiter: Limiter::new(config.limits.concurrency, config.limits.rate),
                transport: Transport::new(config),
            }),
        }
    }

    /// Returns what the client was created with.
    pub fn config(&self) -> &Config {
        &self.shared.transport.config
    }

    /// Returns the current limits on requests.
    pub fn limiter_status(&self) -> LimiterStatus {
        self.shared.limiter.status()
    }

    /// Returns what the server's clock shows at `time`, as far as its responses have a date.
    pub fn server_time(&self, time: Timestamp) -> Timestamp {
        self.transport().server_time(time)
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    /// Gets the JSON at `path`. To cancel the request, drop the future: a `GET` changes nothing.
    pub(super) async fn fetch<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<T, Error> {
        let url = self.config().base_url.join(path)?;
        let build_request = || Ok(self.transport().http()?.get(url.clone()).query(query));
        let options = self.options(Repetition::AtOnce);
        let cancel = Interrupt::default();
        let outcome = self.send(build_request, options, &cancel).await;
        Ok(outcome.result?.1)
    }

    /// Posts `body` to `url`, and again if it has to be retried. Once `cancel` is set, nothing more is sent.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        body: &impl Serialize,
        options: RequestOptions,
        cancel: &Interrupt,
    ) -> RetryOutcome<(u16, T)> {
        let build_request = || Ok(self.transport().http()?.post(url.clone()).json(body));
        self.send(build_request, options, cancel).await
    }

    pub(super) fn options(&self, repetition: Repetition) -> RequestOptions {
        RequestOptions {
            timeout: self.config().limits.timeout,
            repetition,
        }
    }

    /// Returns the loop in which each attempt sends this number of `requests`.
    pub(super) fn retry_loop<'a>(
        &'a self,
        requests: u32,
        repetition: Repetition,
        cancel: &'a Interrupt,
    ) -> RetryLoop<'a> {
        RetryLoop {
            limiter: &self.shared.limiter,
            requests,
            max_retries: self.config().limits.max_retries,
            repetition,
            cancel,
        }
    }

    async fn send<T: DeserializeOwned>(
        &self,
        build_request: impl Fn() -> Result<RequestBuilder, Error>,
        options: RequestOptions,
        cancel: &Interrupt,
    ) -> RetryOutcome<(u16, T)> {
        let retry_loop = self.retry_loop(1, options.repetition, cancel);
        let send_once = |request| self.transport().send_once(request, options.timeout);
        retry_loop.send(build_request, send_once).await
    }
}
