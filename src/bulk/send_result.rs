//! The result of one row, what the ledger records for it, and the reasons to stop sending.

use jiff::Timestamp;

use super::problem::Problem;
use super::session_differences::SessionDifferences;
use crate::api::{Error, InviteResponse};
use crate::ledger::{PendingRow, RowResult, RowState};

#[derive(Debug)]
pub enum SendResult {
    Created(InviteResponse),
    /// The candidate already had an active session.
    Existing(InviteResponse),
    /// What was asked for is in force.
    Done,
    /// The session stays as it is. With an error, the API has refused the change.
    Kept(Option<Error>),
    /// The request may have been carried out, and is not repeated.
    Unclear(Error),
    Failed(Error),
    /// It was not sent, because its deadline has passed since it was planned, for example.
    Unsent(Problem),
}

/// Why sending ended before the last row.
#[derive(Debug)]
pub enum StopReason {
    Interrupted,
    /// The API refuses the key, or the key lacks a permission.
    Refused(Error),
    /// The API does not know this assessment. Rows of other assessments were sent.
    NoAssessment {
        label: String,
        error: Error,
    },
    /// Too many consecutive rows failed alike: the service cannot be reached, is broken, or refuses one row after another.
    RepeatedFailures {
        rows: u32,
        /// The error of the last row, and what the user can do about it.
        last: String,
        hint: Option<String>,
    },
    /// Rows with an unclear result could not be asked again, because the existing sessions cannot be listed.
    NotListed(Error),
}

impl StopReason {
    /// Returns why sending ends if the existing sessions cannot be listed.
    pub(super) fn from_listing(error: Error) -> Self {
        if error.is_auth_error() {
            Self::Refused(error)
        } else {
            Self::NotListed(error)
        }
    }
}

impl SendResult {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::Existing(_) => "existing",
            Self::Done => "done",
            Self::Kept(_) => "kept",
            Self::Unclear(_) => "unclear",
            Self::Failed(_) | Self::Unsent(_) => "failed",
        }
    }

    /// Returns whether it is shown even if not every result is.
    pub(super) fn needs_attention(&self) -> bool {
        matches!(
            self,
            Self::Kept(_) | Self::Unclear(_) | Self::Failed(_) | Self::Unsent(_)
        )
    }
}

/// The note for a candidate who is invited, but whose link is not known.
const NO_LINK: &str = "the API sent no link";

/// Returns what the user should know about an invitation that succeeded, and may have created the session.
pub fn success_note(
    invited: &InviteResponse,
    is_created: bool,
    differences: &SessionDifferences,
) -> Option<String> {
    let no_link = invited.invite_url.is_none().then(|| NO_LINK.to_owned());
    let notes = no_link.into_iter().chain(differences.notes(is_created));
    let notes: Vec<String> = notes.collect();
    (!notes.is_empty()).then(|| notes.join("; "))
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
