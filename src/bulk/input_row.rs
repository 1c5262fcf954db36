//! A row that a script has decided about, and checking its request, on the planner's second thread.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::invitation::{Invitation, RowDecision, SessionRequest, Target};
use super::problem::Problem;
use super::row_source::RowSource;
use crate::interpretation::Interpretation;
use crate::people::{self, NameIssue};

/// A row with the script's decision about it.
pub(super) struct InputRow<D> {
    pub(super) location: Option<(Arc<Path>, u64)>,
    pub(super) source: Option<RowSource>,
    pub(super) decision: D,
    pub(super) interpretations: Vec<Interpretation>,
}

impl InputRow<RowDecision> {
    /// Checks the request, with deadlines compared to `now`.
    pub(super) fn check(self, now: Timestamp) -> InputRow<CheckedDecision> {
        let decision = match self.decision {
            RowDecision::Invite(request) => {
                let target = Arc::clone(&request.target);
                let checked = Invitation::check(request, now);
                let name_issue = checked.as_ref().ok().and_then(|invitation| {
                    people::name_issue(&invitation.name, Some(&invitation.email))
                });
                CheckedDecision::Invite {
                    target,
                    checked,
                    name_issue,
                }
            }
            RowDecision::Change(request) => CheckedDecision::Change(request),
            RowDecision::Skip(reason) => CheckedDecision::Skip(reason),
            RowDecision::Invalid(problem) => CheckedDecision::Invalid(problem),
        };
        InputRow {
            location: self.location,
            source: self.source,
            decision,
            interpretations: self.interpretations,
        }
    }
}

/// A script's decision about a row, with its request checked.
pub(super) enum CheckedDecision {
    Invite {
        target: Arc<Target>,
        checked: Result<Invitation, Problem>,
        name_issue: Option<NameIssue>,
    },
    Change(SessionRequest),
    Skip(String),
    Invalid(Problem),
}
