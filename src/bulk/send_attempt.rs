//! What the dispatcher hands to the state of sending: a row, and how its requests ended.

use super::kinds::Meaning;
use crate::api::Error;
use crate::ledger::PendingRow;

/// A row that was handed out, and the outcome.
pub(super) struct SendAttempt {
    pub(super) row: PendingRow,
    /// When its first request may have been sent, in milliseconds since 1970.
    pub(super) asked_at: i64,
    pub(super) attempts: u32,
    pub(super) end: AttemptEnd,
}

pub(super) enum AttemptEnd {
    /// Sending ended. With an error, an earlier request may have had its effect.
    Cancelled(Option<Box<Error>>),
    /// The API refuses the key.
    Refused(Error),
    Meaning(Box<Meaning>),
}
