//! Progress as data.

use super::{Rejection, RowOrigin, Scorable, ScoringProgress, SendResult, Throttling};
use crate::ledger::RunId;

/// Something that happened while a plan was sent, or sessions were scored.
#[derive(Debug)]
pub enum Event {
    /// Sending begins, or scoring.
    Started {
        /// How many invitations or sessions there are.
        total: u64,
    },
    /// One invitation was answered, or failed.
    RowResult {
        /// The row.
        origin: RowOrigin,
        /// The candidate's address.
        email: String,
        /// What became of it.
        answer: SendResult,
        /// What the user should know.
        note: Option<String>,
    },
    /// How far it got, some times a second.
    Progress(Progress),
    /// How far scoring got, some times a second.
    Scoring(ScoringProgress),
    /// One session was not scored.
    NotScored {
        /// The session.
        session: Scorable,
        /// Why.
        reason: String,
    },
    /// The API asks to wait while something else is asked for than invitations; told once a second.
    Throttling(Throttling),
    /// A plan that was just made is not gone on with, before anybody was shown it, as nobody knows who has a session.
    Deferred {
        /// The run, which waits for `send`.
        run: RunId,
        /// Why it is never sent, where it does not wait.
        rejection: Option<Rejection>,
    },
    /// No more rows are taken; those in flight are waited for.
    Stopping {
        /// The run.
        run: RunId,
    },
    /// No more sessions are scored; what is under way is waited for.
    StoppingScoring,
    /// Sending has ended, or scoring.
    Ended,
}

/// How far the sending of a plan got.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// How many invitations there are.
    pub total: u64,
    /// Sessions that were created.
    pub created: u64,
    /// Candidates who had an active session.
    pub existing: u64,
    /// Invitations that failed.
    pub failed: u64,
    /// Why nothing is sent at the moment.
    pub throttling: Option<Throttling>,
}

impl Progress {
    /// Returns how many invitations were answered or failed.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.created + self.existing + self.failed
    }
}
