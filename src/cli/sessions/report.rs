//! Sessions of the API as their report has them.

use jiff::Timestamp;

use crate::api::{Session, Time};
use crate::report;
use crate::time::DateTime;

/// Makes a report of `sessions`, which are at `place`, and all of `assessment` where one is named; `now` is when they are judged.
///
/// It holds no links: a session's token is its secret, and a report is passed on.
pub(super) fn report(
    sessions: &[&Session],
    assessment: Option<String>,
    place: String,
    made_at: DateTime,
    now: Timestamp,
) -> report::SessionsReport {
    report::SessionsReport {
        assessment,
        place,
        made_at,
        now,
        sessions: sessions
            .iter()
            .map(|session| session_row(session))
            .collect(),
    }
}

fn session_row(session: &Session) -> report::Session {
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
        due_at: to_timestamp(session.due_date.as_ref()),
        link: None,
        score: None,
    }
}

fn to_timestamp(time: Option<&Time>) -> Option<Timestamp> {
    time.and_then(Time::timestamp)
}
