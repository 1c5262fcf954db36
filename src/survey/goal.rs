//! The status that all sessions are to reach.

use super::Error;
use super::status::{STATUSES, plain_status, rank};
use crate::api::Session;

/// A status that all sessions are to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    place: usize,
}

impl Goal {
    /// Takes the status that a person means by `text` for the goal.
    ///
    /// # Errors
    /// It is not documented, so that nobody knows what comes before it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let place = rank(&plain_status(text)).ok_or_else(|| Error::NoGoal {
            status: text.to_owned(),
        })?;
        Ok(Self { place })
    }

    /// Returns the status.
    #[must_use]
    pub fn status(self) -> &'static str {
        STATUSES.get(self.place).copied().unwrap_or_default()
    }

    /// Returns how many of `sessions` have not reached it. Those whose status is not documented are not waited for.
    #[must_use]
    pub fn left(self, sessions: &[Session]) -> usize {
        let places = sessions
            .iter()
            .filter_map(|each| rank(each.status.as_deref()?));
        places.filter(|place| *place < self.place).count()
    }
}
