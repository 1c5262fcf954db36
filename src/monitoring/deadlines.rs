//! The deadlines of candidates who have not finished.

use jiff::Timestamp;

use super::progress::is_unfinished;
use crate::api::{Session, Time};

/// Unfinished sessions with a deadline, the earliest deadline first.
#[derive(Clone, Debug, Default)]
pub struct Deadlines<'a> {
    /// The deadline has passed.
    pub past: Vec<(Timestamp, &'a Session)>,
    /// The deadline is ahead.
    pub next: Vec<(Timestamp, &'a Session)>,
}

impl<'a> Deadlines<'a> {
    /// Splits the deadlines of unfinished sessions at `now`.
    pub fn of(sessions: impl IntoIterator<Item = &'a Session>, now: Timestamp) -> Self {
        let mut open: Vec<_> = sessions
            .into_iter()
            .filter(|session| is_unfinished(session))
            .filter_map(|session| {
                let due = session.due_date.as_ref().and_then(Time::timestamp)?;
                Some((due, session))
            })
            .collect();
        open.sort_by_key(|(due, _)| *due);
        let next = open.split_off(open.partition_point(|(due, _)| *due < now));
        Self { past: open, next }
    }

    /// Returns the deadlines between now and `end`.
    pub fn before(&self, end: Timestamp) -> &[(Timestamp, &'a Session)] {
        let count = self.next.partition_point(|(due, _)| *due < end);
        self.next.get(..count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Deadlines;
    use crate::api::{Session, Time};

    fn due(id: &str, status: &str, second: i64) -> Session {
        Session {
            id: id.to_owned(),
            status: Some(status.to_owned()),
            due_date: Timestamp::from_second(second).ok().map(Time::At),
            ..Session::default()
        }
    }

    #[test]
    fn finished_sessions_are_left_out() {
        let sessions = [
            due("late", "setup", 10),
            due("done", "submitted", 10),
            due("far", "invited", 300),
            due("near", "in_progress", 100),
            due("odd", "on_hold", 5),
            Session::default(),
        ];
        let at = |second| Timestamp::from_second(second).unwrap_or_default();
        let deadlines = Deadlines::of(&sessions, at(100));
        let ids = |found: &[(Timestamp, &Session)]| {
            let ids: Vec<String> = found.iter().map(|(_, each)| each.id.clone()).collect();
            ids.join(" ")
        };
        assert_eq!(ids(&deadlines.past), "odd late");
        assert_eq!(ids(&deadlines.next), "near far");
        assert_eq!(ids(deadlines.before(at(300))), "near");
    }
}
