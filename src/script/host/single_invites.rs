//! What a script knows of the candidates it invites one by one: they share one run of the ledger.

use std::collections::HashMap;
use std::rc::Rc;

use crate::api::Invited;
use crate::bulk::{Answer, Invitation, OtherDeadline, OutcomeRow, Standings};
use crate::ledger::{Hold, RowState, RunId};

/// Candidates that were invited one by one.
#[derive(Debug, Default)]
pub(in crate::script) struct Singles {
    pub(super) run: Option<(RunId, Hold)>,
    /// What became of each, by assessment and lower-cased address; `None` where it failed.
    invited: HashMap<(String, String), Option<Before>>,
    /// Who had a session, by assessment.
    pub(super) standings: HashMap<String, Rc<Standings>>,
}

/// What became of a candidate.
#[derive(Debug)]
struct Before {
    row: OutcomeRow,
    /// What the API answered; `None` where it was not asked.
    invited: Option<Invited>,
}

impl Singles {
    /// Returns what comes of inviting a candidate again, if they were invited: what the API would answer, which is not asked.
    pub(in crate::script) fn again(
        &self,
        invitation: &Invitation,
    ) -> Option<(OutcomeRow, Option<Answer>)> {
        let before = self.invited.get(&key(invitation))?.as_ref()?;
        let mut row = before.row.clone();
        let Some(invited) = &before.invited else {
            return Some((row, None));
        };
        row.outcome = RowState::Existing.name();
        let other = OtherDeadline::of(invited, invitation.due_date.as_ref());
        (row.due_date, row.note) = other.map_or_else(
            || (invitation.due_date.clone(), None),
            |other| (other.kept, Some(other.note)),
        );
        Some((row, Some(Answer::Existing(invited.clone()))))
    }

    /// Lets go of the run: the next candidate begins another one.
    pub(in crate::script) fn leave_run(&mut self) {
        self.run = None;
    }

    /// Returns how many candidates the API was asked for.
    pub(in crate::script) fn sent(&self) -> u64 {
        let before = self.invited.values();
        let sent = before.filter(|before| {
            before
                .as_ref()
                .is_none_or(|before| before.invited.is_some())
        });
        sent.count() as u64
    }

    /// Remembers what became of a candidate.
    pub(in crate::script) fn remember(
        &mut self,
        invitation: &Invitation,
        row: &OutcomeRow,
        answer: Option<&Answer>,
    ) {
        let invited = match answer {
            Some(Answer::Created(invited) | Answer::Existing(invited)) => Some(invited.clone()),
            Some(Answer::Failed(_) | Answer::Unsent(_)) => {
                // A run holds an address once: the next attempt begins another one.
                self.leave_run();
                self.invited.insert(key(invitation), None);
                return;
            }
            None => None,
        };
        let row = row.clone();
        let before = Before { row, invited };
        self.invited.insert(key(invitation), Some(before));
    }
}

fn key(invitation: &Invitation) -> (String, String) {
    let assessment = invitation.target.id.clone();
    (assessment, invitation.email.to_lowercase())
}
