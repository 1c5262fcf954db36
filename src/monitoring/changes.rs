//! The changes between two polls of the same sessions.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;

use super::progress::display_name;
use super::status::status_text;
use crate::api::{Session, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionChange {
    /// The candidate's name, email or session id.
    pub candidate: String,
    pub event: SessionEvent,
    /// The time, if the API sends it.
    pub at: Option<Timestamp>,
}

/// The kinds of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    New,
    /// The session has another status.
    StatusChanged {
        /// The new status.
        to: String,
    },
    /// The session has a new deadline.
    DeadlineChanged,
    /// The session is no longer listed.
    Removed,
}

/// Returns the changes from `before` to `after`, in the order of `after`. Sessions without an id are ignored: there is no way
/// to recognize them.
pub fn changes(before: &[Session], after: &[Session]) -> Vec<SessionChange> {
    let known: HashMap<&str, &Session> = with_id(before).map(|each| (&*each.id, each)).collect();
    let present: HashSet<&str> = with_id(after).map(|each| &*each.id).collect();
    let gone = with_id(before)
        .filter(|session| !present.contains(&*session.id))
        .map(|session| change(session, SessionEvent::Removed, None));
    with_id(after)
        .filter_map(|session| match known.get(&*session.id) {
            None => Some(change(
                session,
                SessionEvent::New,
                session.created_at.as_ref(),
            )),
            Some(known) => detect_change(known, session),
        })
        .chain(gone)
        .collect()
}

fn with_id(sessions: &[Session]) -> impl Iterator<Item = &Session> {
    sessions.iter().filter(|session| !session.id.is_empty())
}

fn detect_change(before: &Session, after: &Session) -> Option<SessionChange> {
    if before.status == after.status {
        let same = before.due_date == after.due_date;
        return (!same).then(|| change(after, SessionEvent::DeadlineChanged, None));
    }
    let to = after.status.clone().unwrap_or_default();
    let at = match &*to {
        "setup" => &after.setup_started_at,
        "in_progress" => &after.task_started_at,
        "submitted" => &after.submitted_at,
        _ => &None,
    };
    Some(change(
        after,
        SessionEvent::StatusChanged { to },
        at.as_ref(),
    ))
}

fn change(session: &Session, event: SessionEvent, at: Option<&Time>) -> SessionChange {
    SessionChange {
        candidate: display_name(session).to_owned(),
        event,
        at: at.and_then(Time::timestamp),
    }
}

/// `Jane Smith submitted`
impl fmt::Display for SessionChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let candidate = &self.candidate;
        let change = match &self.event {
            SessionEvent::New => "was invited",
            SessionEvent::Removed => "is no longer listed",
            SessionEvent::DeadlineChanged => "has a new deadline",
            SessionEvent::StatusChanged { to } => match &**to {
                "invited" => "is invited again",
                "setup" => "began to set up",
                "in_progress" => "began the task",
                "submitted" => "submitted",
                "scoring" => "is being scored",
                "scored" => "was scored",
                "reviewed" => "was reviewed",
                "" => "no longer has a status",
                other => return write!(f, "{candidate} is {} now", status_text(other)),
            },
        };
        write!(f, "{candidate} {change}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::changes;
    use crate::api::{Session, Time};

    fn session(id: &str, status: &str) -> Session {
        Session {
            id: id.to_owned(),
            candidate_name: Some(id.to_uppercase()),
            status: Some(status.to_owned()),
            submitted_at: (status == "submitted").then_some(Time::At(Timestamp::UNIX_EPOCH)),
            ..Session::default()
        }
    }

    #[test]
    fn each_change_is_reported_once_with_its_time() {
        let before = [
            session("ann", "in_progress"),
            session("bob", "invited"),
            session("cyd", "setup"),
            session("dan", "scored"),
        ];
        let mut postponed = session("bob", "invited");
        postponed.due_date = Some(Time::Text("soon".to_owned()));
        let after = [
            session("eve", "invited"),
            session("dan", "on_hold"),
            session("ann", "submitted"),
            postponed,
        ];
        let found = changes(&before, &after);
        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "EVE was invited",
                "DAN is on hold now",
                "ANN submitted",
                "BOB has a new deadline",
                "CYD is no longer listed"
            ]
        );
        assert_eq!(found[2].at, Some(Timestamp::UNIX_EPOCH));
        assert_eq!(changes(&after, &after), []);
    }
}
