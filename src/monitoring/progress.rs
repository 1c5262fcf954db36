//! How far one session is, and who is at it.

use jiff::Timestamp;

use crate::api::{Session, Time};
use crate::session_status::SessionStatus;

/// Tells whether the candidate has not finished yet, as far as that is known.
#[must_use]
pub fn is_unfinished(session: &Session) -> bool {
    match session.status.as_deref().and_then(SessionStatus::of) {
        Some(status) => !status.is_finished(),
        // A status that is not documented tells nothing.
        None => session.submitted_at.is_none(),
    }
}

/// Returns when the session last moved on, as far as the API tells: when it was made, or the candidate began or finished.
#[must_use]
pub fn last_progress(session: &Session) -> Option<Timestamp> {
    [
        &session.created_at,
        &session.setup_started_at,
        &session.task_started_at,
        &session.submitted_at,
    ]
    .into_iter()
    .filter_map(|time| time.as_ref().and_then(Time::timestamp))
    .max()
}

/// Returns the time by which sessions are judged: `clock`, or the latest thing that happened in one, where that is later.
///
/// Things happen later than now where this machine's clock is slow, or the sandbox lets time pass faster.
#[must_use]
pub fn latest_time(sessions: &[Session], clock: Timestamp) -> Timestamp {
    let latest = sessions.iter().filter_map(last_progress).max();
    latest.map_or(clock, |latest| latest.max(clock))
}

/// Returns the candidate's name, else their address, else the session's id.
#[must_use]
pub fn display_name(session: &Session) -> &str {
    [&session.candidate_name, &session.candidate_email]
        .into_iter()
        .filter_map(Option::as_deref)
        .find(|text| !text.trim().is_empty())
        .unwrap_or(&session.id)
}
