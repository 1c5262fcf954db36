//! The interface between a bulk operation and its user: showing the plan, asking for consent, and reporting progress.

use std::time::Duration;

use super::plan::{Plan, Rejection};
use super::sample::RowOrigin;
use super::send_result::SendResult;
use crate::api::Pause;
use crate::change_kind::ChangeKind;
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

/// What happens while a plan is sent.
#[derive(Debug)]
pub enum Event {
    /// Sending starts.
    Started {
        /// How many rows there are.
        total: u64,
    },
    /// A row was sent, or failed.
    RowResult {
        origin: RowOrigin,
        /// The candidate's address, or what else is known.
        candidate: String,
        result: SendResult,
        /// What the user should know.
        note: Option<String>,
    },
    /// Sending progressed. Reported several times a second.
    Progress(Progress),
    /// Some requests had an unclear end. Their rows are asked again.
    Parked {
        kind: ChangeKind,
        rows: u64,
        /// The error of the last one.
        reason: String,
        /// How long to wait first.
        wait: Duration,
    },
    /// Rows of an earlier process may still be carried out by the API, so the plan is not rechecked yet.
    Unsettled {
        kind: ChangeKind,
        rows: u64,
        /// How long to wait first.
        wait: Duration,
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
        kind: ChangeKind,
        /// How many rows are left out now.
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
    Stopping { run: RunId, kind: ChangeKind },
    /// Sending has ended.
    Ended,
}

/// How far the sending of a plan has got.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub kind: ChangeKind,
    pub created: u64,
    pub existing: u64,
    pub done: u64,
    pub kept: u64,
    pub failed: u64,
    /// Candidates who have finished in the meantime.
    pub skipped: u64,
    /// Rows that may have been carried out, and are not asked again.
    pub unclear_results: u64,
    /// How many rows are asked again because their requests had an unclear end.
    pub unclear: u64,
    /// How long it is until then, if nothing else is left to send.
    pub asks_again_in: Option<Duration>,
    /// Why nothing is sent right now.
    pub pause: Option<Pause>,
}

impl Progress {
    /// Returns how many rows have a result.
    pub fn ended(&self) -> u64 {
        self.created
            + self.existing
            + self.done
            + self.kept
            + self.unclear_results
            + self.failed
            + self.skipped
    }
}
