//! Revoking invitations: sessions that nobody has opened are deleted, which kills their links.

use super::kind::{Comparison, EndedRow, Kind, Meaning, Requests, SessionLook};
use crate::api::{Client, Deletion, Error, RetryOutcome, Session};
use crate::bulk::problem::Problem;
use crate::bulk::request_loop::FailureKind;
use crate::bulk::send_result::SendResult;
use crate::bulk::session_statuses::look_up;
use crate::change_kind::ChangeKind;
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState, Target};
use crate::session_status::SessionStatus;

/// The note for a session that is gone.
pub(in crate::bulk) const GONE: &str = "already gone";
/// The note for a session that is gone, perhaps because of a request whose response is not recorded.
const GONE_AFTER_REQUEST: &str = "gone after an earlier request";

/// Compares a row with its session before it is shown, and again before it is sent.
pub(super) fn compare(state: RowState, session: SessionLook<'_>) -> Comparison {
    match session {
        // An earlier process may have deleted it.
        SessionLook::Missing if state == RowState::Sending => {
            Comparison::Settled(RowState::Done, GONE_AFTER_REQUEST.to_owned())
        }
        SessionLook::Missing => Comparison::Settled(RowState::Kept, GONE.to_owned()),
        SessionLook::Found(status) if is_invited(status) => Comparison::Open,
        SessionLook::Found(status) => Comparison::Settled(RowState::Kept, begun(status)),
    }
}

pub(in crate::bulk) struct RevokeKind {
    pub(in crate::bulk) client: Client,
    pub(in crate::bulk) targets: Vec<Target>,
}

impl Kind for RevokeKind {
    type Response = Deletion;

    const KIND: ChangeKind = ChangeKind::Revoke;
    /// Each session is looked at right before it is deleted.
    const LISTS_SESSIONS: bool = false;

    async fn send(
        &self,
        row: &PendingRow,
        _: bool,
        cancel: &Interrupt,
    ) -> Result<RetryOutcome<Deletion>, Problem> {
        let id = row.subject.as_deref().unwrap_or_default();
        let delete = self.client.delete_session_if(id, is_unopened, cancel);
        let RetryOutcome { attempts, result } = delete.await;
        let result = match result {
            // The candidate has begun in between, the session is gone, or the API does not want to.
            Err(refusal) if matches!(refusal.status(), Some(404 | 409 | 410)) => {
                self.explain_refusal(row, refusal).await
            }
            // Only attempts that deleted nothing are repeated.
            Err(Error::Cancelled { .. }) => Err(Error::Cancelled { after: None }),
            result => result,
        };
        Ok(RetryOutcome { attempts, result })
    }

    fn interpret(&self, requests: Requests<'_>, result: Result<Deletion, Error>) -> Meaning {
        let done = |note: Option<&str>| {
            let recorded = RowResult {
                note: note.map(str::to_owned),
                ..requests.new_result(RowState::Done)
            };
            EndedRow::new(recorded, SendResult::Done)
        };
        match result {
            Ok(Deletion::Deleted) => Meaning::Ended(done(None)),
            // An earlier request without a response may have deleted it.
            Ok(Deletion::Gone) if requests.row.unclear_ends > 0 => Meaning::Ended(done(None)),
            Ok(Deletion::Gone) => Meaning::Gone(done(Some(GONE))),
            Ok(Deletion::Kept(status)) => {
                let recorded = RowResult {
                    note: Some(begun(status.as_deref())),
                    ..requests.new_result(RowState::Kept)
                };
                Meaning::Ended(EndedRow::new(recorded, SendResult::Kept(None)))
            }
            Ok(Deletion::Unclear(error)) => Meaning::Unclear(error),
            Err(error) => Meaning::Ended(EndedRow::failed(requests, error)),
        }
    }

    fn failure_kind(&self, error: &Error) -> Option<FailureKind> {
        FailureKind::of_invitation(error)
    }
}

impl RevokeKind {
    /// Finds out why the API did not delete the session of `row`.
    async fn explain_refusal(&self, row: &PendingRow, refusal: Error) -> Result<Deletion, Error> {
        let id = row.subject.clone().unwrap_or_default();
        let Some(target) = self.targets.get(row.target as usize) else {
            return Err(refusal);
        };
        let found = look_up(&self.client, target, vec![id.clone()]).await;
        match found.map(|mut statuses| statuses.remove(&id)) {
            Ok(None) => Ok(Deletion::Gone),
            Ok(Some(status)) if !is_invited(status.as_deref()) => Ok(Deletion::Kept(status)),
            Ok(Some(_)) | Err(_) => Err(refusal),
        }
    }
}

/// Returns whether nobody has opened the link of a session. Of an undocumented status, nobody knows.
pub(in crate::bulk) fn is_unopened(session: &Session) -> bool {
    is_invited(session.status.as_deref())
}

fn is_invited(status: Option<&str>) -> bool {
    status.and_then(SessionStatus::of) == Some(SessionStatus::Invited)
}

/// Returns why a session in this status is kept.
fn begun(status: Option<&str>) -> String {
    match status.map(|status| (status, SessionStatus::of(status))) {
        Some((status, Some(known))) if known.is_finished() => format!("finished ({status})"),
        Some((status, Some(_))) => format!("begun ({status})"),
        Some((status, None)) => format!("in an unknown status ({status})"),
        None => "its status is not known".to_owned(),
    }
}
