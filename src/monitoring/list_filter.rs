//! Selects the sessions that are shown.

use jiff::Timestamp;

use super::progress::{is_unfinished, last_progress};
use super::status::statuses;
use super::{Error, Funnel};
use crate::api::{Session, Time};
use crate::session_status::SessionStatus;
use crate::text::nearest;

/// Conditions that shown sessions must meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// The status is one of these; if empty, it does not matter.
    pub statuses: Vec<String>,
    /// The deadline is before this time.
    pub due_before: Option<Timestamp>,
    /// The candidate has not finished, and has made no progress since then.
    pub idle_since: Option<Timestamp>,
}

impl ListFilter {
    /// Returns whether `session` meets all conditions.
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

    /// Returns the wanted statuses that are not documented and that no session in `funnel` has. The API may have more statuses
    /// than it documents, but one that is similar to a documented status is probably a typo.
    pub fn unknown_statuses(&self, funnel: &Funnel) -> Result<Vec<&str>, Error> {
        let is_known = |status: &str| {
            let mut others = funnel.others.iter();
            SessionStatus::of(status).is_some()
                || others.any(|stage| stage.status.as_deref() == Some(status))
        };
        let unknown = self.statuses.iter().map(String::as_str);
        let unknown: Vec<&str> = unknown.filter(|status| !is_known(status)).collect();
        match unknown
            .iter()
            .find(|status| nearest(status, statuses()).is_some())
        {
            Some(status) => Err(Error::Status {
                status: (*status).to_owned(),
            }),
            None => Ok(unknown),
        }
    }
}
