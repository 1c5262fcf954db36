//! One request and its answer: what the client makes of a body, a status, and a connection that fails.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderName, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::client::CONNECT_TIMEOUT;
use super::retry::{FailedAttempt, retry_after};
use super::{Client, Error};

/// Largest answer that is read: a page of 100 sessions is about 50 KB.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// Characters that are shown of a body that is not JSON.
const BODY_PREVIEW_CHARS: usize = 120;
/// Characters that are kept of a reason.
const REASON_MAX_CHARS: usize = 500;

impl Client {
    /// Sends a request once, and returns status and body of its answer, which may take `timeout` all together.
    pub(super) async fn send_once<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        timeout: Duration,
    ) -> Result<(u16, T), FailedAttempt> {
        let sent = request.timeout(timeout).send().await;
        let response = sent.map_err(|error| self.transport_error(&error, timeout))?;
        let status = response.status().as_u16();
        let retry_after = retry_after_header(&response);
        let body = self.read_body(response, timeout).await?;
        self.interpret_response(status, retry_after, &body)
    }

    /// Reads an answer that is there whole.
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
        match serde_json::from_slice(body) {
            Ok(answer) => Ok((status, answer)),
            Err(error) if error.is_data() => Err(FailedAttempt::from(Error::UnexpectedJson {
                host: self.host(),
                status,
                reason: self.reason(&error.to_string()),
            })),
            Err(_) => Err(FailedAttempt::from(self.not_json(status, body))),
        }
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
        Ok(match &self.config().key {
            Some(key) => key.redact_bytes(body),
            None => body,
        })
    }

    pub(super) fn error_response(&self, status: u16, body: &[u8]) -> Error {
        match serde_json::from_slice::<ErrorBody>(body) {
            Ok(ErrorBody { error }) => Error::ErrorResponse {
                status,
                code: error.code.map(|code| self.reason(&code)),
                message: error.message.map(|message| self.reason(&message)),
            },
            Err(_) if body.is_empty() || is_json(body) => Error::ErrorResponse {
                status,
                code: None,
                message: None,
            },
            Err(_) => self.not_json(status, body),
        }
    }

    /// Shortens a reason that repeats something of an answer.
    pub(super) fn reason(&self, text: &str) -> String {
        self.redact_key(text)
            .chars()
            .take(REASON_MAX_CHARS)
            .collect()
    }

    pub(super) fn not_json(&self, status: u16, body: &[u8]) -> Error {
        let text = String::from_utf8_lossy(body);
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or("");
        Error::NotJson {
            host: self.host(),
            status,
            first_line: self
                .redact_key(line)
                .chars()
                .take(BODY_PREVIEW_CHARS)
                .collect(),
        }
    }

    pub(super) fn transport_error(&self, error: &reqwest::Error, timeout: Duration) -> Error {
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

    /// A server may repeat what it was sent; the key must not reach a screen or a log that way.
    pub(super) fn redact_key(&self, text: &str) -> String {
        match &self.config().key {
            Some(key) => key.redact(text),
            None => text.to_owned(),
        }
    }
}

/// The documented body of every answer that is no success.
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
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

fn retry_after_header(response: &Response) -> Option<Duration> {
    let text = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    retry_after(text(RETRY_AFTER)?, text(DATE), SystemTime::now())
}
