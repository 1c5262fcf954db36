//! The documented statuses, in the order in which a session goes through them.

/// The documented statuses, in order.
pub const STATUSES: [&str; 7] = [
    "invited",
    "setup",
    "in_progress",
    "submitted",
    "scoring",
    "scored",
    "reviewed",
];

/// The first status in which a candidate has finished.
pub(super) const FINISHED: &str = "submitted";

/// Returns the place of `status` in the order; `None` for one that is not documented.
#[must_use]
pub fn rank(status: &str) -> Option<usize> {
    STATUSES.iter().position(|known| *known == status)
}

/// Returns the status that a person means by `text`: `In progress` is `in_progress`.
#[must_use]
pub fn plain_status(text: &str) -> String {
    let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
    // The API may have a status of its own that is written otherwise.
    rank(&plain).map_or_else(|| text.trim().to_owned(), |_| plain)
}

/// Returns a status as words: `in_progress` is `in progress`.
#[must_use]
pub fn as_words(status: &str) -> String {
    status.replace('_', " ")
}
