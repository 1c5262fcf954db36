//! Sending one request and reading one answer.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, USER_AGENT};
use reqwest::{Method, RequestBuilder, Response, Url, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{BaseUrl, Error, Key};

/// Largest answer that is read: a page of 100 sessions is about 50 KB.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const SHOWN_OF_BODY: usize = 120;

/// Whom to talk to, as whom, and how long to wait.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the API is.
    pub base_url: BaseUrl,
    /// As whom; without one every request fails with [`Error::NoKey`].
    pub key: Option<Key>,
    /// How long one request may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How many requests are under way at once where a list is read.
    pub concurrency: usize,
}

/// A client of the Gradient API. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    /// Set up at the first request: TLS takes milliseconds that a script without requests need not spend.
    http: OnceLock<reqwest::Client>,
}

impl Client {
    /// Creates a client that connects at its first request.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            shared: Arc::new(Shared {
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

    pub(super) async fn fetch<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<T, Error> {
        let request = self.request(Method::GET, path)?.query(query);
        Ok(self.send(request).await?.1)
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl serde::Serialize,
    ) -> Result<(u16, T), Error> {
        let request = self.request(Method::POST, path)?.json(body);
        self.send(request).await
    }

    fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, Error> {
        let key = self.config().key.as_ref().ok_or(Error::NoKey)?;
        // A URL resolves such segments away, also escaped ones: the request would go to another path.
        if let Some(id) = path.iter().find(|part| matches!(**part, "" | "." | "..")) {
            return Err(Error::BadId {
                id: (*id).to_owned(),
            });
        }
        let url: Url = self.config().base_url.join(path);
        Ok(self
            .http()?
            .request(method, url)
            .header(AUTHORIZATION, key.authorization()))
    }

    fn http(&self) -> Result<&reqwest::Client, Error> {
        if let Some(http) = self.shared.http.get() {
            return Ok(http);
        }
        let built = connect(&self.shared.config)?;
        Ok(self.shared.http.get_or_init(|| built))
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<(u16, T), Error> {
        let response = request.send().await.map_err(|error| self.failed(&error))?;
        let status = response.status().as_u16();
        let body = self.read_body(response).await?;
        if !(200..300).contains(&status) {
            return Err(self.refused(status, &body));
        }
        match serde_json::from_slice(&body) {
            Ok(answer) => Ok((status, answer)),
            Err(error) if error.is_data() => Err(Error::Unexpected {
                host: self.host(),
                status,
                reason: error.to_string(),
            }),
            Err(_) => Err(self.not_json(status, &body)),
        }
    }

    async fn read_body(&self, mut response: Response) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.failed(&error))?
        {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(Error::TooLarge {
                    host: self.host(),
                    limit: BODY_LIMIT,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn refused(&self, status: u16, body: &[u8]) -> Error {
        match serde_json::from_slice::<Refusal>(body) {
            Ok(Refusal { error }) => Error::Refused {
                status,
                code: error.code.map(|code| self.without_key(&code)),
                message: error.message.map(|message| self.without_key(&message)),
            },
            Err(_) if body.is_empty() || is_json(body) => Error::Refused {
                status,
                code: None,
                message: None,
            },
            Err(_) => self.not_json(status, body),
        }
    }

    fn not_json(&self, status: u16, body: &[u8]) -> Error {
        let text = String::from_utf8_lossy(body);
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or("");
        Error::NotJson {
            host: self.host(),
            status,
            first_line: self.without_key(line).chars().take(SHOWN_OF_BODY).collect(),
        }
    }

    fn failed(&self, error: &reqwest::Error) -> Error {
        let host = self.host();
        if error.is_timeout() {
            let limit = if error.is_connect() {
                CONNECT_TIMEOUT.min(self.config().timeout)
            } else {
                self.config().timeout
            };
            return Error::Timeout { host, limit };
        }
        let mut cause: &dyn std::error::Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let reason = cause.to_string();
        if error.is_connect() {
            Error::Connect { host, reason }
        } else {
            Error::Broken { host, reason }
        }
    }

    /// A server may repeat what it was sent; the key must not reach a screen or a log that way.
    fn without_key(&self, text: &str) -> String {
        match &self.config().key {
            Some(key) => key.redact(text),
            None => text.to_owned(),
        }
    }

    fn host(&self) -> String {
        self.config().base_url.host()
    }
}

/// The documented body of every answer that is no success.
#[derive(Deserialize)]
struct Refusal {
    error: RefusalReason,
}

#[derive(Deserialize)]
struct RefusalReason {
    code: Option<String>,
    message: Option<String>,
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

fn connect(config: &Config) -> Result<reqwest::Client, Error> {
    // Fails only where a provider is already installed, which is then the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(config.timeout)
        // A redirect would carry the key, or a POST turned into a GET, somewhere else.
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(config.concurrency)
        .default_headers(std::iter::once((USER_AGENT, user_agent())).collect());
    let builder = if config.base_url.is_loopback() {
        builder.no_proxy()
    } else {
        builder.https_only(true)
    };
    builder.build().map_err(Error::Setup)
}

fn user_agent() -> reqwest::header::HeaderValue {
    reqwest::header::HeaderValue::from_static(concat!("gradient-bulk/", env!("CARGO_PKG_VERSION")))
}
