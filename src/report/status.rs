//! Statuses and other names of the API as a page shows them.

use crate::session_status::SessionStatus;

/// A name of the API as people read it: `in_progress` is `In progress`.
pub(super) fn label(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    match letters.next() {
        None => "Unknown".to_owned(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
    }
}

/// The name of the style of a badge; one that is not documented has a plain one.
pub(super) fn style(status: &str) -> &'static str {
    SessionStatus::of(status).map_or("other", SessionStatus::name)
}
