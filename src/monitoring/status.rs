//! Statuses as people write and read them.

use crate::session_status::SessionStatus;

/// Returns the status that a person means by `text`: `In progress` is `in_progress`.
#[must_use]
pub fn normalize_status(text: &str) -> String {
    let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
    // The API may have a status of its own that is written otherwise.
    SessionStatus::of(&plain).map_or_else(|| text.trim().to_owned(), |_| plain)
}

/// Returns the documented statuses, in order, as people write them.
#[must_use]
pub fn statuses() -> Vec<&'static str> {
    SessionStatus::ALL.map(SessionStatus::name).to_vec()
}

/// Returns a status as words: `in_progress` is `in progress`.
#[must_use]
pub fn status_text(status: &str) -> String {
    status.replace('_', " ")
}
