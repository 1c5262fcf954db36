//! What changed between two looks at the same sessions.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;

use super::progress::display_name;
use super::status::status_text;
use crate::api::{Session, Time};

/// Something that happened to one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionChange {
    /// Who it happened to.
    pub candidate: String,
    /// What happened.
    pub event: SessionEvent,
    /// When, as far as the API tells.
    pub at: Option<Timestamp>,
}

/// What can happen to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// It is there.
    New,
    /// It has another status.
    StatusChanged {
        /// Which.
        to: String,
    },
    /// It has another deadline.
    DeadlineChanged,
    /// It is not there any more.
    Removed,
}

/// Returns what changed from `before` to `after`, in the order of `after`. A session without id cannot be told apart, and
/// changes unseen.
#[must_use]
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
        let what = match &self.event {
            SessionEvent::New => "was invited",
            SessionEvent::Removed => "is listed no more",
            SessionEvent::DeadlineChanged => "has another deadline",
            SessionEvent::StatusChanged { to } => match &**to {
                "invited" => "is invited again",
                "setup" => "began to set up",
                "in_progress" => "began the task",
                "submitted" => "submitted",
                "scoring" => "is being scored",
                "scored" => "was scored",
                "reviewed" => "was reviewed",
                "" => "has no status any more",
                other => return write!(f, "{candidate} is {} now", status_text(other)),
            },
        };
        write!(f, "{candidate} {what}")
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
    fn each_change_is_told_once_with_its_own_time() {
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
        let told = changes(&before, &after);
        let texts: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "EVE was invited",
                "DAN is on hold now",
                "ANN submitted",
                "BOB has another deadline",
                "CYD is listed no more"
            ]
        );
        assert_eq!(told[2].at, Some(Timestamp::UNIX_EPOCH));
        assert_eq!(changes(&after, &after), []);
    }
}
