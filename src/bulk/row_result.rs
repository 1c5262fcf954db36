//! What the ledger records for a row that was sent.

use jiff::Timestamp;

use crate::api::Error;
use crate::ledger::{PendingRow, RowResult, RowState};

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
