//! Progress as data.

use super::{Answer, Invitation, Origin};

/// Something that happened while a plan was sent.
#[derive(Debug)]
pub enum Event<'a> {
    /// Sending begins.
    Started {
        /// How many invitations there are.
        total: usize,
    },
    /// One invitation was answered, or failed.
    Answered {
        /// The row.
        origin: &'a Origin,
        /// What was sent.
        invitation: &'a Invitation,
        /// What became of it.
        answer: &'a Answer,
    },
    /// No more rows are taken; those in flight are waited for.
    Stopping,
}
