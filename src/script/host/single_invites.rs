//! What a script knows of the candidates it invites one by one: they share one run of the ledger.

use std::collections::HashMap;
use std::rc::Rc;

use crate::api::InviteResponse;
use crate::bulk::{DeadlineMismatch, ExistingSessions, Invitation, OutcomeRow, SendResult};
use crate::ledger::{RowState, RunId, RunLock};

/// Candidates that were invited one by one.
#[derive(Debug, Default)]
pub(in crate::script) struct SingleInvites {
    pub(super) run: Option<(RunId, RunLock)>,
    /// What became of each, by assessment and lower-cased address; `None` where it failed.
    invited: HashMap<(String, String), Option<PriorInvite>>,
    /// Who had a session, by assessment.
    pub(super) existing_sessions: HashMap<String, Rc<ExistingSessions>>,
}

/// What became of a candidate.
#[derive(Debug)]
struct PriorInvite {
    row: OutcomeRow,
    /// What the API answered; `None` where it was not asked.
    invited: Option<InviteResponse>,
}

impl SingleInvites {
    /// Returns what comes of inviting a candidate again, if they were invited: what the API would answer, which is not asked.
    pub(in crate::script) fn cached_result(
        &self,
        invitation: &Invitation,
    ) -> Option<(OutcomeRow, Option<SendResult>)> {
        let prior = self.invited.get(&key(invitation))?.as_ref()?;
        let mut row = prior.row.clone();
        let Some(invited) = &prior.invited else {
            return Some((row, None));
        };
        row.outcome = RowState::Existing.name();
        let other = DeadlineMismatch::of(invited, invitation.due_date.as_ref());
        (row.due_date, row.note) = other.map_or_else(
            || (invitation.due_date.clone(), None),
            |other| (other.session_deadline, Some(other.note)),
        );
        Some((row, Some(SendResult::Existing(invited.clone()))))
    }

    /// Lets go of the run: the next candidate begins another one.
    pub(in crate::script) fn close_run(&mut self) {
        self.run = None;
    }

    /// Returns how many candidates the API was asked for.
    pub(in crate::script) fn sent(&self) -> u64 {
        let prior = self.invited.values();
        let sent = prior.filter(|prior| prior.as_ref().is_none_or(|prior| prior.invited.is_some()));
        sent.count() as u64
    }

    /// Remembers what became of a candidate.
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
            Some(SendResult::Failed(_) | SendResult::Unsent(_)) => {
                // A run holds an address once: the next attempt begins another one.
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
