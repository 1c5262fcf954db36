//! The status that all sessions are to reach.

use super::Error;
use super::status::normalize_status;
use crate::api::Session;
use crate::session_status::SessionStatus;

/// A status that all sessions are to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetStatus(SessionStatus);

impl TargetStatus {
    /// Takes the status that a person means by `text` for the goal.
    ///
    /// # Errors
    /// It is not documented, so that nobody knows what comes before it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let status = SessionStatus::of(&normalize_status(text)).ok_or_else(|| {
            Error::UnknownTargetStatus {
                status: text.to_owned(),
            }
        })?;
        Ok(Self(status))
    }

    /// Returns the status.
    #[must_use]
    pub fn status(self) -> &'static str {
        self.0.name()
    }

    /// Returns how many of `sessions` have not reached it. Those whose status is not documented are not waited for.
    #[must_use]
    pub fn left(self, sessions: &[Session]) -> usize {
        let reached = sessions
            .iter()
            .filter_map(|each| SessionStatus::of(each.status.as_deref()?));
        reached.filter(|status| *status < self.0).count()
    }
}
