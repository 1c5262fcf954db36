//! What the ledger records for a row that was sent.

use jiff::Timestamp;

use super::send_result::{SendResult, success_note};
use super::session_differences::SessionDifferences;
use crate::api::{Error, InviteResponse};
use crate::ledger::{PendingRow, RowResult, RowState, SessionTerms};

pub(super) fn to_row_result(
    row: &PendingRow,
    attempts: u32,
    result: &SendResult,
    session_terms: Option<SessionTerms>,
    differences: &SessionDifferences,
) -> RowResult {
    let new = |state| RowResult {
        session_terms,
        ..new_row_result(row, state, attempts)
    };
    match result {
        SendResult::Created(invited) | SendResult::Existing(invited) => {
            let is_created = matches!(result, SendResult::Created(_));
            RowResult {
                status: Some(success_status(invited)),
                invite_url: invited.invite_url.clone(),
                session: invited.session_id(),
                note: success_note(invited, is_created, differences),
                ..new(if is_created {
                    RowState::Created
                } else {
                    RowState::Existing
                })
            }
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
        session_terms: row.session_terms.clone(),
        result: None,
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
