//! The data of a report of sessions, from the API.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::{Session, Time};
use crate::report;
use crate::time::DateTime;

/// Returns the report of `sessions` at `endpoint`; `now` decides which deadlines are over.
///
/// It contains no links: the token of a session is a secret, and reports are shared.
pub(super) fn report(
    sessions: &[&Session],
    assessment: Option<String>,
    endpoint: String,
    made_at: DateTime,
    now: Timestamp,
) -> report::SessionsReport {
    let zone = made_at.zoned().time_zone().clone();
    report::SessionsReport {
        assessment,
        place: endpoint,
        made_at,
        now,
        sessions: sessions
            .iter()
            .map(|session| session_row(session, &zone))
            .collect(),
    }
}

fn session_row(session: &Session, zone: &TimeZone) -> report::Session {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    report::Session {
        name: text(&session.candidate_name),
        email: text(&session.candidate_email),
        assessment: session.assessment_name.clone(),
        status: text(&session.status),
        invited_at: to_timestamp(session.created_at.as_ref()),
        setup_at: to_timestamp(session.setup_started_at.as_ref()),
        started_at: to_timestamp(session.task_started_at.as_ref()),
        submitted_at: to_timestamp(session.submitted_at.as_ref()),
        due_at: to_timestamp(session.due_date.as_ref()).map(|due| DateTime::of(due, zone)),
        score: None,
    }
}

fn to_timestamp(time: Option<&Time>) -> Option<Timestamp> {
    time.and_then(Time::timestamp)
}
