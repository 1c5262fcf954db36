//! Statuses as users write and read them.

use super::Error;
use crate::api::Session;
use crate::session_status::SessionStatus;

/// Returns the status that a user means by `text`: `In progress` is `in_progress`.
pub fn normalize_status(text: &str) -> String {
    let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
    // An undocumented status of the API may be spelled differently, so other texts stay as they are.
    SessionStatus::of(&plain).map_or_else(|| text.trim().to_owned(), |_| plain)
}

/// Returns the names of the documented statuses, in order.
pub fn statuses() -> Vec<&'static str> {
    SessionStatus::names()
}

/// Returns a status for display: `in_progress` is `in progress`.
pub fn status_text(status: &str) -> String {
    status.replace('_', " ")
}

/// The status that `--until` waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetStatus(SessionStatus);

impl TargetStatus {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let status =
            SessionStatus::of(&normalize_status(text)).ok_or_else(|| Error::TargetStatus {
                status: text.to_owned(),
            })?;
        Ok(Self(status))
    }

    /// Returns the name of the status.
    pub fn status(self) -> &'static str {
        self.0.name()
    }

    /// Returns how many of `sessions` have not reached the status. Undocumented statuses are not waited for.
    pub fn left(self, sessions: &[Session]) -> usize {
        let reached = sessions
            .iter()
            .filter_map(|each| SessionStatus::of(each.status.as_deref()?));
        reached.filter(|status| *status < self.0).count()
    }
}
