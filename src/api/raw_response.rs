//! Parses a response without a connection: what the client makes of any status, headers and body, for tests and fuzzing.

use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;

use super::invites::{InviteBody, InviteResponse};
use super::retry::{FailedAttempt, Repetition, RetryDecision, retry_after};
use super::transport::ResponseHead;
use super::{Client, Error};

/// A response as received.
#[derive(Clone, Copy, Debug)]
pub struct RawResponse<'a> {
    pub status: u16,
    pub retry_after: Option<&'a str>,
    pub date: Option<&'a str>,
    pub location: Option<&'a str>,
    pub body: &'a [u8],
}

/// Why a response is of no use, and what the client would do next.
#[derive(Debug)]
pub struct InvalidResponse {
    pub error: Error,
    /// The `Retry-After` of the response, within the bounds of what the client waits.
    pub wait: Option<Duration>,
    /// All requests pause.
    pub pauses: bool,
    /// The request is sent again, if retries are left.
    pub retries: bool,
}

impl Client {
    /// Parses a response to an idempotent request.
    pub fn parse_response<T: DeserializeOwned>(
        &self,
        response: &RawResponse,
    ) -> Result<T, InvalidResponse> {
        self.parse_raw(response).map(|(_, parsed)| parsed)
    }

    /// Parses a response to an invite.
    pub fn parse_invite_response(
        &self,
        response: &RawResponse,
    ) -> Result<InviteResponse, InvalidResponse> {
        let (status, body) = self.parse_raw::<InviteBody>(response)?;
        self.invite_response(status, body)
            .map_err(|error| FailedAttempt::from(error).into())
    }

    fn parse_raw<T: DeserializeOwned>(
        &self,
        response: &RawResponse,
    ) -> Result<(u16, T), InvalidResponse> {
        let wait = response
            .retry_after
            .and_then(|value| retry_after(value, response.date, SystemTime::now()));
        let head = ResponseHead {
            status: response.status,
            retry_after: wait,
            location: response.location.map(str::to_owned),
        };
        self.transport()
            .interpret_response(&head, response.body)
            .map_err(InvalidResponse::from)
    }
}

impl From<FailedAttempt> for InvalidResponse {
    fn from(attempt: FailedAttempt) -> Self {
        let decision = attempt.retry_decision(Repetition::AtOnce);
        Self {
            wait: attempt.retry_after,
            pauses: matches!(decision, RetryDecision::Pause(_)),
            retries: decision == RetryDecision::Retry,
            error: attempt.error,
        }
    }
}
