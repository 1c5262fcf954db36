//! The interface of a kind of change, and how the requests of a row end.

use std::future::Future;

use crate::api::{Error, RetryOutcome};
use crate::bulk::existing_sessions::ExistingSession;
use crate::bulk::problem::Problem;
use crate::bulk::request_loop::FailureKind;
use crate::bulk::send_result::{SendResult, new_row_result};
use crate::bulk::session_differences::SessionDifferences;
use crate::change_kind::ChangeKind;
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState};

/// A look at the session of a row.
#[derive(Clone, Copy)]
pub(in crate::bulk) enum SessionLook<'a> {
    Missing,
    /// It exists, and has this status, if it has any.
    Found(Option<&'a str>),
}

/// What is done with a row about a session after a look at this.
pub(in crate::bulk) enum Comparison {
    /// It is sent.
    Open,
    /// It is not sent, and gets this state for this reason.
    Settled(RowState, String),
}

/// How the rows of one kind of change are sent.
pub(in crate::bulk) trait Kind: Send + Sync + 'static {
    /// What the requests of a row come to if they succeed.
    type Response: Send;

    const KIND: ChangeKind;

    /// Whether the existing sessions are listed before rows with an unclear end are asked again.
    const LISTS_SESSIONS: bool;

    /// Returns why a row with an unclear end is not asked again, if its candidate has this session by now.
    fn reason_to_skip(&self, _row: &PendingRow, _session: &ExistingSession) -> Option<String> {
        None
    }

    /// Sends the requests of a row, or returns why it is not sent. `has_session` if an earlier request has created the session.
    fn send(
        &self,
        row: &PendingRow,
        has_session: bool,
        cancel: &Interrupt,
    ) -> impl Future<Output = Result<RetryOutcome<Self::Response>, Problem>> + Send;

    /// Returns what the end of these requests means.
    fn interpret(&self, requests: Requests<'_>, result: Result<Self::Response, Error>) -> Meaning;

    /// Returns what a failure has in common with others that stop the run; `None` if only its row is to blame.
    fn failure_kind(&self, error: &Error) -> Option<FailureKind>;
}

/// The requests that were sent for a row.
#[derive(Clone, Copy)]
pub(in crate::bulk) struct Requests<'a> {
    pub(in crate::bulk) row: &'a PendingRow,
    /// When the first of them may have been sent, in milliseconds since 1970.
    pub(in crate::bulk) asked_at: i64,
    pub(in crate::bulk) attempts: u32,
}

/// What the end of the requests of a row means.
pub(in crate::bulk) enum Meaning {
    /// The row has a result.
    Ended(EndedRow),
    /// There is no such session. If that is so for many rows in succession, none of them has a result.
    Gone(EndedRow),
    /// The API may still be carrying out the last request. The row is asked again later.
    Unclear(Error),
    /// The API does not know the assessment.
    NoTarget(Error),
}

/// A row with a result.
pub(in crate::bulk) struct EndedRow {
    pub(in crate::bulk) recorded: RowResult,
    pub(in crate::bulk) result: SendResult,
    /// How the candidate's session differs from what the row asks for.
    pub(in crate::bulk) differences: SessionDifferences,
    /// Those differences that were not in the plan.
    pub(in crate::bulk) unannounced: SessionDifferences,
}

impl EndedRow {
    pub(in crate::bulk) fn new(recorded: RowResult, result: SendResult) -> Self {
        Self {
            recorded,
            result,
            differences: SessionDifferences::default(),
            unannounced: SessionDifferences::default(),
        }
    }

    pub(in crate::bulk) fn failed(requests: Requests<'_>, error: Error) -> Self {
        let recorded = RowResult {
            status: error.status(),
            note: Some(error.to_string()),
            asked_at: error.may_have_taken_effect().then_some(requests.asked_at),
            ..requests.new_result(RowState::Failed)
        };
        Self::new(recorded, SendResult::Failed(error))
    }

    pub(in crate::bulk) fn unsent(row: &PendingRow, problem: Problem) -> Self {
        let recorded = RowResult {
            note: Some(problem.to_string()),
            ..new_row_result(row, RowState::Invalid, 0)
        };
        Self::new(recorded, SendResult::Unsent(problem))
    }
}

impl Requests<'_> {
    /// Returns a result in which only the state and the number of attempts are set.
    pub(super) fn new_result(self, state: RowState) -> RowResult {
        new_row_result(self.row, state, self.attempts)
    }
}
