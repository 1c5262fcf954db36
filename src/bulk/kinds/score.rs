//! Scoring sessions. Each score costs money, so a request that may have been carried out is never repeated.

use serde_json::value::RawValue;

use super::kind::{Comparison, EndedRow, Kind, Meaning, Requests, SessionLook};
use crate::api::{Client, Error, RetryOutcome, ScoreResponse};
use crate::bulk::problem::Problem;
use crate::bulk::request_loop::FailureKind;
use crate::bulk::send_result::SendResult;
use crate::change_kind::ChangeKind;
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState};
use crate::session_status::SessionStatus;

/// The note for a session that does not exist.
pub const NO_SESSION: &str = "there is no such session";
/// The note for a session that has a score, which nobody has seen.
const RESULT_UNKNOWN: &str = "the response was lost, so the result is unknown";

/// Compares a row with its session before it is shown, and again before it is sent. With `again`, a session that has a score is
/// scored again.
pub(super) fn compare(state: RowState, session: SessionLook<'_>, again: bool) -> Comparison {
    let kept = |reason: &str| Comparison::Settled(RowState::Kept, reason.to_owned());
    let SessionLook::Found(status) = session else {
        return kept(NO_SESSION);
    };
    // A request was perhaps sent, and its response is not known.
    let was_asked = matches!(state, RowState::Sending | RowState::Unclear);
    let unclear = || {
        let reason = "perhaps scored: no response is recorded";
        Comparison::Settled(RowState::Unclear, reason.to_owned())
    };
    let Some(status) = status.and_then(SessionStatus::of) else {
        // The API decides about statuses that are unknown here.
        return match state {
            RowState::Sending => unclear(),
            _ => Comparison::Open,
        };
    };
    match status {
        SessionStatus::Scoring | SessionStatus::Reviewed if was_asked => {
            Comparison::Settled(RowState::Done, RESULT_UNKNOWN.to_owned())
        }
        SessionStatus::Scored if was_asked && !again => {
            Comparison::Settled(RowState::Done, RESULT_UNKNOWN.to_owned())
        }
        SessionStatus::Submitted | SessionStatus::Scored if state == RowState::Sending => unclear(),
        SessionStatus::Submitted => Comparison::Open,
        SessionStatus::Scored if again => Comparison::Open,
        SessionStatus::Scored => kept("scored already"),
        SessionStatus::Scoring => kept("being scored already"),
        SessionStatus::Reviewed => kept("reviewed already"),
        SessionStatus::Invited | SessionStatus::Setup | SessionStatus::InProgress => {
            kept("not submitted yet")
        }
    }
}

pub(in crate::bulk) struct ScoreKind {
    pub(in crate::bulk) client: Client,
    /// Sessions that have a score are scored again.
    pub(in crate::bulk) again: bool,
}

/// What a request to score comes to.
pub(in crate::bulk) enum ScoreEnd {
    Scored(Box<ScoreResponse>),
    /// There is no usable response, and the session has this status by now.
    Lost(Error, Option<SessionStatus>),
}

impl Kind for ScoreKind {
    type Response = ScoreEnd;

    const KIND: ChangeKind = ChangeKind::Score;
    /// A row is not asked again.
    const LISTS_SESSIONS: bool = false;

    async fn send(
        &self,
        row: &PendingRow,
        _: bool,
        cancel: &Interrupt,
    ) -> Result<RetryOutcome<ScoreEnd>, Problem> {
        let id = row.subject.as_deref().unwrap_or_default();
        let RetryOutcome { attempts, result } = self.client.score(id, cancel).await;
        let result = match result {
            Ok(scored) => Ok(ScoreEnd::Scored(Box::new(scored))),
            Err(error @ Error::OutcomeUnknown { .. }) => {
                let session = self.client.session(id).await.ok();
                let status = session.and_then(|session| session.status);
                let status = status.as_deref().and_then(SessionStatus::of);
                Ok(ScoreEnd::Lost(error, status))
            }
            Err(error) => Err(error),
        };
        Ok(RetryOutcome { attempts, result })
    }

    fn interpret(&self, requests: Requests<'_>, result: Result<ScoreEnd, Error>) -> Meaning {
        let (recorded, result) = match result {
            Ok(ScoreEnd::Scored(scored)) => {
                let points = scored.score.final_score.as_ref();
                let recorded = RowResult {
                    status: Some(200),
                    note: points.map(|points| format!("score {points}")),
                    result: Some(RawValue::get(&scored.json).to_owned()),
                    ..requests.new_result(RowState::Done)
                };
                (recorded, SendResult::Done)
            }
            // It is not known whether this request scored a session that had a score.
            Ok(ScoreEnd::Lost(error, Some(SessionStatus::Scoring | SessionStatus::Scored)))
                if self.again =>
            {
                unclear(requests, error)
            }
            Ok(ScoreEnd::Lost(_, Some(SessionStatus::Scoring | SessionStatus::Scored))) => {
                let recorded = RowResult {
                    note: Some(RESULT_UNKNOWN.to_owned()),
                    ..requests.new_result(RowState::Done)
                };
                (recorded, SendResult::Done)
            }
            Ok(ScoreEnd::Lost(error, _)) => unclear(requests, error),
            Err(error) if error.status() == Some(409) => {
                let recorded = RowResult {
                    status: Some(409),
                    note: Some(error.to_string()),
                    ..requests.new_result(RowState::Kept)
                };
                (recorded, SendResult::Kept(Some(error)))
            }
            Err(error) => return Meaning::Ended(EndedRow::failed(requests, error)),
        };
        Meaning::Ended(EndedRow::new(recorded, result))
    }

    fn failure_kind(&self, error: &Error) -> Option<FailureKind> {
        FailureKind::of_score(error)
    }
}

fn unclear(requests: Requests<'_>, error: Error) -> (RowResult, SendResult) {
    let recorded = RowResult {
        status: error.status(),
        note: Some(error.to_string()),
        ..requests.new_result(RowState::Unclear)
    };
    (recorded, SendResult::Unclear(error))
}
