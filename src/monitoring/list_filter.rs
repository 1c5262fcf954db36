//! Which sessions are shown.

use jiff::Timestamp;

use super::progress::{is_unfinished, last_progress};
use super::status::statuses;
use super::{Error, Funnel};
use crate::api::{Session, Time};
use crate::session_status::SessionStatus;
use crate::text::nearest;

/// Which sessions are shown; all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Those in one of these statuses; empty: in any.
    pub statuses: Vec<String>,
    /// Those whose deadline is before.
    pub due_before: Option<Timestamp>,
    /// Those whose candidate has not finished, and has done nothing since.
    pub idle_since: Option<Timestamp>,
}

impl ListFilter {
    /// Tells whether `session` is shown.
    #[must_use]
    pub fn matches(&self, session: &Session) -> bool {
        let status = session.status.as_deref().unwrap_or_default();
        let due = || session.due_date.as_ref().and_then(Time::timestamp);
        (self.statuses.is_empty() || self.statuses.iter().any(|wanted| wanted == status))
            && self
                .due_before
                .is_none_or(|end| due().is_some_and(|due| due < end))
            && self.idle_since.is_none_or(|since| {
                is_unfinished(session) && last_progress(session).is_none_or(|last| last <= since)
            })
    }

    /// Returns the wanted statuses that are not documented, and that no session has. The API may have more than it documents,
    /// so `funnel` tells which there are.
    ///
    /// # Errors
    /// One of them is nearly a documented one, and was hardly meant as it stands.
    pub fn unknown_statuses(&self, funnel: &Funnel) -> Result<Vec<&str>, Error> {
        let is_seen = |status: &str| {
            let mut others = funnel.others.iter();
            SessionStatus::of(status).is_some()
                || others.any(|stage| stage.status.as_deref() == Some(status))
        };
        let unseen = self.statuses.iter().map(String::as_str);
        let unseen: Vec<&str> = unseen.filter(|status| !is_seen(status)).collect();
        match unseen
            .iter()
            .find(|status| nearest(status, statuses()).is_some())
        {
            Some(status) => Err(Error::UnknownStatus {
                status: (*status).to_owned(),
            }),
            None => Ok(unseen),
        }
    }
}
