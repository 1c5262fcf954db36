//! The client: whom it talks to, as whom, and in what manner.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue, USER_AGENT};
use reqwest::{RequestBuilder, Url, redirect, retry};
use serde::de::DeserializeOwned;

use super::limiter::Limiter;
use super::retry_loop::{RetryLoop, RetryOutcome};
use super::{BaseUrl, CaCertificates, Error, Key, LimiterStatus};
use crate::interrupt::Interrupt;

pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whom to talk to, as whom, and how long to wait.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the API is.
    pub base_url: BaseUrl,
    /// As whom; without one every request fails with [`Error::NoKey`].
    pub key: Option<Key>,
    /// Authorities whose certificates count beside those this machine trusts.
    pub ca_certificates: Option<CaCertificates>,
    /// How long one request may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How many requests are under way at once, at most.
    pub concurrency: usize,
    /// How many requests start in a second, at most; from 0.01 to 10,000, and fractions count.
    pub rate: Option<f64>,
    /// How often one request is repeated that may succeed later.
    pub max_retries: u32,
}

/// How one kind of request is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestOptions {
    /// How long it may take, from connecting to the last byte.
    pub(super) timeout: Duration,
    /// Whether asking twice does no more than asking once; otherwise it is repeated only where it surely was not carried
    /// out.
    pub(super) is_idempotent: bool,
}

/// A client of the Gradient API. Clones share their connections and their pace.
///
/// Requests wait for each other as [`Config::concurrency`] and [`Config::rate`] demand, and all of them where the API asks
/// for it. Those that may succeed later are repeated, each after a time of its own.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    limiter: Limiter,
    /// Set up at the first request: TLS takes milliseconds that a script without requests need not spend.
    http: OnceLock<reqwest::Client>,
}

impl Client {
    /// Creates a client that connects at its first request.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            shared: Arc::new(Shared {
                limiter: Limiter::new(config.concurrency, config.rate),
                config,
                http: OnceLock::new(),
            }),
        }
    }

    /// Returns whom it talks to, and as whom.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Returns how fast it may go at the moment.
    #[must_use]
    pub fn pace(&self) -> LimiterStatus {
        self.shared.limiter.pace()
    }

    pub(super) async fn fetch<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<T, Error> {
        let url = self.url(path)?;
        let build_request = || Ok(self.http()?.get(url.clone()).query(query));
        // Who is interrupted drops this: nothing is lost that way.
        let outcome = self
            .send(
                build_request,
                self.idempotent_options(),
                &Interrupt::default(),
            )
            .await;
        Ok(outcome.result?.1)
    }

    /// Posts `body` to `url`; it may reach the API several times. Where `cancel` is set, the one under way is the last.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        body: &impl serde::Serialize,
        options: RequestOptions,
        cancel: &Interrupt,
    ) -> RetryOutcome<(u16, T)> {
        let build_request = || Ok(self.http()?.post(url.clone()).json(body));
        self.send(build_request, options, cancel).await
    }

    /// The manner of requests that may be repeated.
    pub(super) fn idempotent_options(&self) -> RequestOptions {
        RequestOptions {
            timeout: self.config().timeout,
            is_idempotent: true,
        }
    }

    /// Returns the address of `path`.
    ///
    /// # Errors
    /// A part of it, which is an id, is none.
    pub(super) fn url(&self, path: &[&str]) -> Result<Url, Error> {
        // A URL resolves such segments away, also escaped ones: the request would go to another path.
        if let Some(id) = path.iter().find(|part| matches!(**part, "" | "." | "..")) {
            return Err(Error::BadId {
                id: (*id).to_owned(),
            });
        }
        Ok(self.config().base_url.join(path))
    }

    pub(super) fn http(&self) -> Result<&reqwest::Client, Error> {
        if let Some(http) = self.shared.http.get() {
            return Ok(http);
        }
        let built = build_http_client(&self.shared.config)?;
        Ok(self.shared.http.get_or_init(|| built))
    }

    /// Sends what `build_request` makes until it has an answer, or no further attempt is worth while.
    async fn send<T: DeserializeOwned>(
        &self,
        build_request: impl Fn() -> Result<RequestBuilder, Error>,
        options: RequestOptions,
        cancel: &Interrupt,
    ) -> RetryOutcome<(u16, T)> {
        let retry_loop = RetryLoop {
            limiter: &self.shared.limiter,
            max_retries: self.config().max_retries,
            is_idempotent: options.is_idempotent,
            cancel,
        };
        let send_once = |request| self.send_once(request, options.timeout);
        retry_loop.send(build_request, send_once).await
    }

    pub(super) fn host(&self) -> String {
        self.config().base_url.host()
    }
}

fn build_http_client(config: &Config) -> Result<reqwest::Client, Error> {
    let key = config.key.as_ref().ok_or(Error::NoKey)?;
    // Fails only where a provider is already installed, which is then the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let headers = [(USER_AGENT, user_agent()), (AUTHORIZATION, key.header()?)];
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        // A redirect would carry the key, or a POST turned into a GET, somewhere else.
        .redirect(redirect::Policy::none())
        // What is repeated, and when, is decided here; reqwest would keep a copy of each request.
        .retry(retry::never().max_retries_per_request(0))
        .pool_max_idle_per_host(config.concurrency)
        .default_headers(headers.into_iter().collect());
    let builder = if config.base_url.is_loopback() {
        builder.no_proxy()
    } else {
        builder.https_only(true)
    };
    // Reading this machine's certificates takes milliseconds, and clear text has no use for them.
    let builder = if config.base_url.is_clear_text() {
        builder.tls_certs_only([])
    } else {
        let ca_certificates = config.ca_certificates.as_ref();
        builder.tls_certs_merge(ca_certificates.map_or_else(Vec::new, CaCertificates::certificates))
    };
    builder.build().map_err(Error::ClientSetup)
}

fn user_agent() -> HeaderValue {
    HeaderValue::from_static(concat!("gradient-bulk/", env!("CARGO_PKG_VERSION")))
}
