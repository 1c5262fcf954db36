//! What the ledger records for a row that was sent.

use jiff::Timestamp;

use super::send_result::{DeadlineMismatch, SendResult, success_note};
use crate::api::{Error, InviteResponse};
use crate::ledger::{PendingRow, RowResult, RowState};

pub(super) fn to_row_result(
    row: &PendingRow,
    attempts: u32,
    result: &SendResult,
    mismatch: Option<&DeadlineMismatch>,
) -> RowResult {
    let new = |state| new_row_result(row, state, attempts);
    match result {
        SendResult::Created(invited) => RowResult {
            status: Some(success_status(invited)),
            invite_url: invited.invite_url.clone(),
            session: invited.session_id(),
            note: success_note(invited, None),
            ..new(RowState::Created)
        },
        SendResult::Existing(invited) => {
            let mut existing = RowResult {
                status: Some(success_status(invited)),
                invite_url: invited.invite_url.clone(),
                session: invited.session_id(),
                note: success_note(invited, mismatch),
                ..new(RowState::Existing)
            };
            if let Some(mismatch) = mismatch {
                existing.due_date.clone_from(&mismatch.session_deadline);
            }
            existing
        }
        SendResult::Failed(error) => RowResult {
            status: error.status(),
            note: Some(error.to_string()),
            ..new(RowState::Failed)
        },
        SendResult::Unsent(problem) => RowResult {
            note: Some(problem.to_string()),
            ..new(RowState::Invalid)
        },
    }
}

pub(super) fn new_row_result(row: &PendingRow, state: RowState, attempts: u32) -> RowResult {
    RowResult {
        number: row.number,
        state,
        attempts,
        status: None,
        invite_url: None,
        session: None,
        due_date: row.due_date.clone(),
        note: None,
        at: Timestamp::now().as_millisecond(),
        asked_at: None,
    }
}

fn success_status(invited: &InviteResponse) -> u16 {
    if invited.created { 201 } else { 200 }
}

/// The result of a row whose request may still be carried out.
pub(super) fn unclear_row_result(
    row: &PendingRow,
    asked_at: i64,
    attempts: u32,
    error: &Error,
) -> RowResult {
    RowResult {
        status: error.status(),
        note: Some(error.to_string()),
        asked_at: Some(asked_at),
        ..new_row_result(row, RowState::Sending, attempts)
    }
}
