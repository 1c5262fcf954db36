//! Which sessions are shown.

use jiff::Timestamp;

use super::progress::{is_unfinished, last_progress};
use super::{Error, Funnel};
use crate::api::{Session, Time};
use crate::status::Status;

/// Which sessions are shown; all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those in one of these statuses; empty: in any.
    pub statuses: Vec<String>,
    /// Those whose deadline is before.
    pub due_before: Option<Timestamp>,
    /// Those whose candidate has not finished, and has done nothing since.
    pub idle_since: Option<Timestamp>,
}

impl Selection {
    /// Tells whether `session` is shown.
    #[must_use]
    pub fn lets_through(&self, session: &Session) -> bool {
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

    /// Looks at the wanted statuses. The API may have more than it documents, so `funnel` tells which there are.
    ///
    /// # Errors
    /// One of them is not documented, and no session has it.
    pub fn check_statuses(&self, funnel: &Funnel) -> Result<(), Error> {
        let is_seen = |status: &str| {
            let mut others = funnel.others.iter();
            Status::of(status).is_some()
                || others.any(|stage| stage.status.as_deref() == Some(status))
        };
        match self.statuses.iter().find(|status| !is_seen(status)) {
            Some(status) => Err(Error::UnknownStatus {
                status: status.clone(),
            }),
            None => Ok(()),
        }
    }
}
