//! An answer read without a connection: what the client makes of any status, headers and body, for tests and fuzzing.

use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;

use super::retry::{FailedAttempt, RetryDecision, retry_after};
use super::{Client, Error, InviteResponse, invites};

/// An answer as it came over the wire.
#[derive(Clone, Copy, Debug)]
pub struct RawResponse<'a> {
    /// The status.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<&'a str>,
    /// The header `Date`.
    pub date: Option<&'a str>,
    /// The body, whole.
    pub body: &'a [u8],
}

/// Why an answer is of no use, and what the client does then.
#[derive(Debug)]
pub struct InvalidResponse {
    /// Why.
    pub error: Error,
    /// How long the answer asks to wait, within the bounds of what the client waits.
    pub wait: Option<Duration>,
    /// Everybody waits.
    pub pauses: bool,
    /// The request is sent again, if retries are left.
    pub repeats: bool,
}

impl Client {
    /// Reads an answer to a request that may be repeated, as it would be read from the wire.
    ///
    /// # Errors
    /// It is no success, or not what was asked for.
    pub fn parse_response<T: DeserializeOwned>(
        &self,
        answer: &RawResponse,
    ) -> Result<T, InvalidResponse> {
        self.parse_raw(answer).map(|(_, read)| read)
    }

    /// Reads an answer to an invitation.
    ///
    /// # Errors
    /// As [`Client::parse_response`].
    pub fn parse_invite_response(
        &self,
        answer: &RawResponse,
    ) -> Result<InviteResponse, InvalidResponse> {
        let whole = self.parse_raw::<invites::InviteBody>(answer);
        whole.map(InviteResponse::from)
    }

    fn parse_raw<T: DeserializeOwned>(
        &self,
        answer: &RawResponse,
    ) -> Result<(u16, T), InvalidResponse> {
        let wait = answer
            .retry_after
            .and_then(|value| retry_after(value, answer.date, SystemTime::now()));
        self.interpret_response(answer.status, wait, answer.body)
            .map_err(InvalidResponse::from)
    }
}

impl From<FailedAttempt> for InvalidResponse {
    fn from(failure: FailedAttempt) -> Self {
        let retry_decision = failure.retry_decision(true);
        Self {
            wait: failure.retry_after,
            pauses: matches!(retry_decision, RetryDecision::Pause(_)),
            repeats: retry_decision == RetryDecision::Retry,
            error: failure.error,
        }
    }
}
