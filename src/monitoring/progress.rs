//! The progress of one session.

use jiff::Timestamp;

use crate::api::{Session, Time};
use crate::session_status::SessionStatus;

/// Returns whether the candidate has not finished, as far as the status and times show.
pub fn is_unfinished(session: &Session) -> bool {
    match session.status.as_deref().and_then(SessionStatus::of) {
        Some(status) => !status.is_finished(),
        // An undocumented status does not show it.
        None => session.submitted_at.is_none(),
    }
}

/// Returns the latest known time at which the session was created, or the candidate started a step or submitted.
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

/// Returns `clock`, or the latest event of `sessions` if that is later: this machine's clock may be slow, and time in the sandbox
/// can pass faster.
pub fn latest_time(sessions: &[Session], clock: Timestamp) -> Timestamp {
    let latest = sessions.iter().filter_map(last_progress).max();
    latest.map_or(clock, |latest| latest.max(clock))
}

/// Returns the candidate's name, or else their address, or else the session's id.
pub fn display_name(session: &Session) -> &str {
    [&session.candidate_name, &session.candidate_email]
        .into_iter()
        .filter_map(Option::as_deref)
        .find(|text| !text.trim().is_empty())
        .unwrap_or(&session.id)
}
