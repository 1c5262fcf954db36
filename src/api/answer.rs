//! An answer read without a connection: what the client makes of any status, headers and body, for tests and fuzzing.

use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;

use super::retry::{Failure, Verdict, retry_after};
use super::{Client, Error, Invited, invites};

/// An answer as it came over the wire.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
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
pub struct Useless {
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
    pub fn read_answer<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, Useless> {
        self.read_whole(answer).map(|(_, read)| read)
    }

    /// Reads an answer to an invitation.
    ///
    /// # Errors
    /// As [`Client::read_answer`].
    pub fn read_invited(&self, answer: &Answer) -> Result<Invited, Useless> {
        let whole = self.read_whole::<invites::Answer>(answer);
        whole.map(Invited::from)
    }

    fn read_whole<T: DeserializeOwned>(&self, answer: &Answer) -> Result<(u16, T), Useless> {
        let wait = answer
            .retry_after
            .and_then(|value| retry_after(value, answer.date, SystemTime::now()));
        self.judge(answer.status, wait, answer.body)
            .map_err(Useless::from)
    }
}

impl From<Failure> for Useless {
    fn from(failure: Failure) -> Self {
        let verdict = failure.verdict(true);
        Self {
            wait: failure.retry_after,
            pauses: matches!(verdict, Verdict::Pause(_)),
            repeats: verdict == Verdict::Again,
            error: failure.error,
        }
    }
}
