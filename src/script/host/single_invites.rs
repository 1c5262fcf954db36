//! The candidates that a script invites with `invite`. They share one run of the ledger.

use std::collections::HashMap;
use std::rc::Rc;

use jiff::Timestamp;

use crate::api::InviteResponse;
use crate::bulk::{
    ExistingSessions, Invitation, OutcomeRow, SendResult, SessionDifferences, success_note,
};
use crate::ledger::{RowState, RunId, RunLock, SessionTerms};

/// Results of single invites, so that a repeated call does not send again.
#[derive(Debug, Default)]
pub(in crate::script) struct SingleInvites {
    run: Option<(RunId, RunLock)>,
    /// Results by assessment and lower-case address; `None` if the invite failed.
    invited: HashMap<(String, String), Option<PriorInvite>>,
    /// Sessions that existed before, by assessment.
    existing_sessions: HashMap<String, Rc<ExistingSessions>>,
}

/// The result of a single invite.
#[derive(Debug)]
struct PriorInvite {
    row: OutcomeRow,
    /// The response of the API; `None` if nothing was sent.
    invited: Option<InviteResponse>,
}

impl SingleInvites {
    /// Returns the result of inviting a candidate again: the response that the API would give, without asking it.
    pub(in crate::script) fn cached_result(
        &self,
        invitation: &Invitation,
        now: Timestamp,
    ) -> Option<(OutcomeRow, Option<SendResult>)> {
        let prior = self.invited.get(&key(invitation))?.as_ref()?;
        let mut row = prior.row.clone();
        let Some(invited) = &prior.invited else {
            return Some((row, None));
        };
        row.outcome = RowState::Existing.name();
        row.name.clone_from(&invitation.name);
        row.requested_due_date.clone_from(&invitation.due_date);
        if let Some(requested) = &invitation.due_date {
            row.deadline = row.deadline.in_tz(requested.zoned().time_zone());
        }
        let session = SessionTerms {
            name: row.session_name.clone(),
            deadline: row.deadline.clone(),
        };
        let differences = SessionDifferences::of(
            &session,
            invitation.requested_terms(),
            invitation.target.deadline.as_ref(),
            now,
        );
        row.note = success_note(invited, false, &differences);
        Some((row, Some(SendResult::Existing(invited.clone()))))
    }

    pub(super) fn run(&self) -> Option<RunId> {
        self.run.as_ref().map(|(run, _)| *run)
    }

    pub(super) fn open_run(&mut self, run: RunId, lock: RunLock) {
        self.run = Some((run, lock));
    }

    pub(super) fn sessions_of(&self, assessment: &str) -> Option<Rc<ExistingSessions>> {
        self.existing_sessions.get(assessment).cloned()
    }

    pub(super) fn add_sessions(&mut self, assessment: String, sessions: Rc<ExistingSessions>) {
        self.existing_sessions.insert(assessment, sessions);
    }

    /// Forgets the sessions of an assessment, which have changed.
    pub(in crate::script) fn forget_sessions(&mut self, assessment: &str) {
        self.existing_sessions.remove(assessment);
    }

    /// Closes the run. The next candidate begins a new one.
    pub(in crate::script) fn close_run(&mut self) {
        self.run = None;
    }

    /// Stores the result of inviting a candidate.
    pub(in crate::script) fn remember(
        &mut self,
        invitation: &Invitation,
        row: &OutcomeRow,
        answer: Option<&SendResult>,
    ) {
        let invited = match answer {
            Some(SendResult::Created(invited) | SendResult::Existing(invited)) => {
                Some(invited.clone())
            }
            Some(_) => {
                // A run holds an address once, so the next attempt begins a new run.
                self.close_run();
                self.invited.insert(key(invitation), None);
                return;
            }
            None => None,
        };
        let row = row.clone();
        let prior = PriorInvite { row, invited };
        self.invited.insert(key(invitation), Some(prior));
    }
}

fn key(invitation: &Invitation) -> (String, String) {
    let assessment = invitation.target.id.clone();
    (assessment, invitation.email.to_lowercase())
}
