//! Sends single requests over HTTP, and turns failures and error responses into [`Error`]s that never contain the key.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{
    AUTHORIZATION, DATE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT,
};
use reqwest::{RequestBuilder, Response, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error_body::Reason;
use super::retry::{FailedAttempt, retry_after};
use super::{CaCertificates, Config, Error};
use crate::text::escape_line;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum size of a response: a page of 100 sessions has about 50 KB.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// How much an error shows of a body that is not JSON.
const BODY_PREVIEW_CHARS: usize = 120;
const REASON_MAX_CHARS: usize = 500;

/// The HTTP client, and what it needs to send requests and to explain failures.
#[derive(Debug)]
pub(super) struct Transport {
    pub(super) config: Config,
    /// Built for the first request: setting up TLS takes milliseconds that a script without requests does not need.
    http: OnceLock<reqwest::Client>,
    /// The server's clock minus this machine's, as of the last response with a date, in milliseconds.
    clock_difference: AtomicI64,
}

impl Transport {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config,
            http: OnceLock::new(),
            clock_difference: AtomicI64::new(0),
        }
    }

    /// Returns what the server's clock shows at `time`, as far as its responses have a date. It is exact to a second, and to the time
    /// that a response takes.
    pub(super) fn server_time(&self, time: Timestamp) -> Timestamp {
        let difference = self.clock_difference.load(Ordering::Relaxed);
        time.saturating_add(SignedDuration::from_millis(difference))
            .unwrap_or(time)
    }

    fn compare_clocks(&self, response: &Response) {
        let date = header_text(response, DATE);
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
            return;
        };
        if let Ok(date) = Timestamp::try_from(date) {
            let difference = date.duration_since(Timestamp::now());
            let millis = i64::try_from(difference.as_millis()).unwrap_or(0);
            self.clock_difference.store(millis, Ordering::Relaxed);
        }
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
        self.compare_clocks(&response);
        let head = ResponseHead::of(&response);
        let body = self.read_body(response, timeout).await?;
        self.interpret_response(&head, &body)
    }

    /// Sends a request once whose response has any JSON, or no body at all. Success is not believed if the body denies it.
    pub(super) async fn send_once_without_result(
        &self,
        request: RequestBuilder,
        timeout: Duration,
    ) -> Result<(), FailedAttempt> {
        let response = self.send(request, timeout).await?;
        self.compare_clocks(&response);
        let head = ResponseHead::of(&response);
        let body = self.read_body(response, timeout).await?;
        let is_success = (200..300).contains(&head.status);
        if is_success && body.trim_ascii().is_empty() {
            return Ok(());
        }
        let (status, body) = self.interpret_response::<Value>(&head, &body)?;
        if body["ok"] == false || !body["error"].is_null() {
            let reason = Reason::find(&body).message;
            let reason = reason.unwrap_or_else(|| "`ok` is false".to_owned());
            return Err(self.unexpected_json(status, &reason).into());
        }
        Ok(())
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
        head: &ResponseHead,
        body: &[u8],
    ) -> Result<(u16, T), FailedAttempt> {
        let status = head.status;
        if !(200..300).contains(&status) {
            return Err(FailedAttempt {
                error: self.error_response(head, body),
                retry_after: head.retry_after,
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

    fn error_response(&self, head: &ResponseHead, body: &[u8]) -> Error {
        let status = head.status;
        if let (300..400, Some(location)) = (status, &head.location) {
            // The query may repeat the request, and can be long.
            let location = location.split(['?', '#']).next().unwrap_or_default();
            return Error::Redirect {
                host: self.host(),
                status,
                location: self.redact_and_truncate(location, REASON_MAX_CHARS),
            };
        }
        let reason = match serde_json::from_slice::<Value>(body) {
            Ok(body) => Reason::find(&body),
            Err(_) if body.is_empty() => Reason::default(),
            Err(_) => return self.not_json(status, body),
        };
        let shorten = |text: String| self.redact_and_truncate(&text, REASON_MAX_CHARS);
        Error::ErrorResponse {
            status,
            code: reason.code.map(shorten),
            message: reason.message.map(shorten),
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
            let while_connecting = error.is_connect();
            let limit = if while_connecting {
                CONNECT_TIMEOUT.min(timeout)
            } else {
                timeout
            };
            return Error::Timeout {
                host,
                limit,
                while_connecting,
            };
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

    /// Returns the beginning of `text` as one line, with control characters escaped.
    fn redact_and_truncate(&self, text: &str, max_chars: usize) -> String {
        let line = escape_line(&self.redact_key(text));
        let mut letters = line.chars();
        let mut shown: String = letters.by_ref().take(max_chars).collect();
        if letters.next().is_some() {
            shown.push('…');
        }
        shown
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

/// What a response says apart from its body.
#[derive(Debug)]
pub(super) struct ResponseHead {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// The target of a redirect.
    pub(super) location: Option<String>,
}

impl ResponseHead {
    pub(super) fn of(response: &Response) -> Self {
        let location = response.headers().get(LOCATION);
        Self {
            status: response.status().as_u16(),
            retry_after: retry_after_header(response),
            location: location.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        }
    }
}

fn retry_after_header(response: &Response) -> Option<Duration> {
    let wait = header_text(response, RETRY_AFTER)?;
    retry_after(wait, header_text(response, DATE), SystemTime::now())
}

fn header_text(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}
