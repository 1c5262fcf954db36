//! The interface between a bulk operation and its user: showing the plan, asking for consent, and reporting progress.

use std::time::Duration;

use super::plan::{Plan, Rejection};
use super::sample::RowOrigin;
use super::scoring_result::{Scorable, ScoringProgress};
use super::send_result::SendResult;
use crate::api::Pause;
use crate::ledger::RunId;

/// The user's side of a bulk operation.
pub trait BulkFrontend {
    /// Shows `plan`, and why it cannot be sent, if it cannot.
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>);

    /// Asks whether `plan`, which was shown, may be sent.
    fn approve(&self, plan: &Plan) -> Consent;

    fn progress(&self, event: Event);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    Given,
    Refused,
    /// The user pressed Ctrl-C at the question.
    Interrupted,
}

/// What happens while a plan is sent or sessions are scored.
#[derive(Debug)]
pub enum Event {
    /// Sending or scoring starts.
    Started {
        /// How many invitations or sessions there are.
        total: u64,
    },
    /// A row was sent, or failed.
    RowResult {
        origin: RowOrigin,
        email: String,
        result: SendResult,
        /// What the user should know.
        note: Option<String>,
    },
    /// Sending progressed. Reported several times a second.
    Progress(Progress),
    /// Some requests had an unclear end. Their rows are asked again.
    Parked {
        rows: u64,
        /// The error of the last one.
        reason: String,
        /// How long to wait first.
        wait: Duration,
    },
    /// Rows of an earlier process may still be carried out by the API, so the plan is not rechecked yet.
    Unsettled {
        rows: u64,
        /// How long to wait first.
        wait: Duration,
    },
    /// Scoring progressed. Reported several times a second.
    Scoring(ScoringProgress),
    NotScored {
        session: Scorable,
        reason: String,
    },
    /// The client pauses while requests other than invitations are made. Reported once a second.
    Paused(Pause),
    /// Another process invites to an assessment of the plan, and is waited for.
    WaitingForLock {
        /// The name of the assessment.
        label: String,
        /// The other process, and what it sends.
        holder: String,
    },
    /// The sessions were listed again after the user had agreed, and this changed the plan.
    ListedAgain {
        /// How many candidates are left out now.
        skipped: u64,
        /// How many have an active session now, which they keep.
        existing: u64,
    },
    /// The plan is not sent, because the sessions could not be listed or another process invites to the same assessment.
    Deferred {
        run: RunId,
        /// Why the plan can never be sent. Without one, it is kept for `send`.
        rejection: Option<Rejection>,
    },
    /// No more rows are sent; requests in flight are still answered.
    Stopping {
        run: RunId,
    },
    /// No more sessions are scored; requests in flight are still answered.
    StoppingScoring,
    /// Sending or scoring has ended.
    Ended,
}

/// How far the sending of a plan has got.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// How many invitations there are.
    pub total: u64,
    pub created: u64,
    pub existing: u64,
    pub failed: u64,
    /// Candidates who have finished in the meantime.
    pub skipped: u64,
    /// How many rows are asked again because their requests had an unclear end.
    pub unclear: u64,
    /// How long it is until then, if nothing else is left to send.
    pub asks_again_in: Option<Duration>,
    /// Why nothing is sent right now.
    pub pause: Option<Pause>,
}

impl Progress {
    pub fn done(&self) -> u64 {
        self.created + self.existing + self.failed + self.skipped
    }
}
