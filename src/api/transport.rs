//! Sends single requests over HTTP, and turns failures and error responses into [`Error`]s that never contain the key.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use reqwest::header::{AUTHORIZATION, DATE, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use reqwest::{RequestBuilder, Response, redirect};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::retry::{FailedAttempt, retry_after};
use super::{CaCertificates, Config, Error};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum size of a response: a page of 100 sessions has about 50 KB.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// How much an error shows of a body that is not JSON.
const BODY_PREVIEW_CHARS: usize = 120;
const REASON_MAX_CHARS: usize = 500;

/// The HTTP client, and what it needs to send requests and to explain failures.
#[derive(Debug)]
pub(super) struct Transport {
    config: Config,
    /// Built for the first request: setting up TLS takes milliseconds that a script without requests does not need.
    http: OnceLock<reqwest::Client>,
}

impl Transport {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config,
            http: OnceLock::new(),
        }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn http(&self) -> Result<&reqwest::Client, Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let built = build_http_client(&self.config)?;
        Ok(self.http.get_or_init(|| built))
    }

    /// Sends a request once. Returns the status and the parsed body of a successful response, all of it within `timeout`.
    pub(super) async fn send_once<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        timeout: Duration,
    ) -> Result<(u16, T), FailedAttempt> {
        let response = self.send(request, timeout).await?;
        let status = response.status().as_u16();
        let retry_after = retry_after_header(&response);
        let body = self.read_body(response, timeout).await?;
        self.interpret_response(status, retry_after, &body)
    }

    pub(super) async fn send(
        &self,
        request: RequestBuilder,
        timeout: Duration,
    ) -> Result<Response, Error> {
        let sent = request.timeout(timeout).send().await;
        sent.map_err(|error| self.transport_error(&error, timeout))
    }

    pub(super) async fn read_body(
        &self,
        mut response: Response,
        timeout: Duration,
    ) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.transport_error(&error, timeout))?
        {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(Error::TooLarge {
                    host: self.host(),
                    limit: BODY_LIMIT,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(match &self.config.key {
            Some(key) => key.redact_bytes(body),
            None => body,
        })
    }

    /// Parses the body of a successful response, or explains why there is none.
    pub(super) fn interpret_response<T: DeserializeOwned>(
        &self,
        status: u16,
        retry_after: Option<Duration>,
        body: &[u8],
    ) -> Result<(u16, T), FailedAttempt> {
        if !(200..300).contains(&status) {
            return Err(FailedAttempt {
                error: self.error_response(status, body),
                retry_after,
            });
        }
        serde_json::from_slice(body)
            .map(|parsed| (status, parsed))
            .map_err(|error| {
                FailedAttempt::from(if error.is_data() {
                    self.unexpected_json(status, &error.to_string())
                } else {
                    self.not_json(status, body)
                })
            })
    }

    /// Returns the error for a successful response that does not have the documented form.
    pub(super) fn unexpected_json(&self, status: u16, reason: &str) -> Error {
        Error::UnexpectedJson {
            host: self.host(),
            status,
            reason: self.redact_and_truncate(reason, REASON_MAX_CHARS),
        }
    }

    fn error_response(&self, status: u16, body: &[u8]) -> Error {
        let shorten = |text: String| self.redact_and_truncate(&text, REASON_MAX_CHARS);
        match serde_json::from_slice::<ErrorBody>(body) {
            Ok(ErrorBody { error }) => Error::ErrorResponse {
                status,
                code: error.code.map(shorten),
                message: error.message.map(shorten),
            },
            Err(_) if body.is_empty() || is_json(body) => Error::ErrorResponse {
                status,
                code: None,
                message: None,
            },
            Err(_) => self.not_json(status, body),
        }
    }

    fn not_json(&self, status: u16, body: &[u8]) -> Error {
        let text = String::from_utf8_lossy(body);
        let mut lines = text.lines().map(str::trim);
        let line = lines.find(|line| !line.is_empty()).unwrap_or_default();
        Error::NotJson {
            host: self.host(),
            status,
            first_line: self.redact_and_truncate(line, BODY_PREVIEW_CHARS),
        }
    }

    fn transport_error(&self, error: &reqwest::Error, timeout: Duration) -> Error {
        let host = self.host();
        if error.is_timeout() {
            let limit = if error.is_connect() {
                CONNECT_TIMEOUT.min(timeout)
            } else {
                timeout
            };
            return Error::Timeout { host, limit };
        }
        let mut cause: &dyn std::error::Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let reason = self.redact_key(&cause.to_string());
        if error.is_connect() {
            Error::Connect { host, reason }
        } else {
            Error::ConnectionLost { host, reason }
        }
    }

    /// Servers may repeat what they were sent; the key must not reach a screen or a log that way.
    fn redact_key(&self, text: &str) -> String {
        match &self.config.key {
            Some(key) => key.redact(text),
            None => text.to_owned(),
        }
    }

    fn redact_and_truncate(&self, text: &str, max_chars: usize) -> String {
        self.redact_key(text).chars().take(max_chars).collect()
    }

    fn host(&self) -> String {
        self.config.base_url.host()
    }
}

fn build_http_client(config: &Config) -> Result<reqwest::Client, Error> {
    let key = config.key.as_ref().ok_or(Error::NoKey)?;
    // Fails only if a provider is already installed, which is then the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let user_agent = concat!("gradient-bulk/", env!("CARGO_PKG_VERSION"));
    let headers = [
        (USER_AGENT, HeaderValue::from_static(user_agent)),
        (AUTHORIZATION, key.header()?),
    ];
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        // A redirect could take the key elsewhere, or turn a POST into a GET.
        .redirect(redirect::Policy::none())
        // The retry loop decides about retries; reqwest would also keep a copy of each request.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .pool_max_idle_per_host(config.limits.concurrency)
        .default_headers(headers.into_iter().collect());
    let builder = if config.base_url.is_loopback() {
        builder.no_proxy()
    } else {
        builder.https_only(true)
    };
    // Loading this machine's certificates takes milliseconds, and plain http does not need them.
    let builder = if config.base_url.is_clear_text() {
        builder.tls_certs_only([])
    } else {
        let ca_certificates = config.ca_certificates.as_ref();
        builder.tls_certs_merge(ca_certificates.map_or_else(Vec::new, CaCertificates::certificates))
    };
    builder.build().map_err(Error::ClientSetup)
}

/// The documented body of an error response.
#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorDetail,
}

#[derive(Deserialize)]
struct ErrorDetail {
    code: Option<String>,
    message: Option<String>,
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

fn retry_after_header(response: &Response) -> Option<Duration> {
    let text = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    retry_after(text(RETRY_AFTER)?, text(DATE), SystemTime::now())
}
