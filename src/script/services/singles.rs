//! What a script knows of the candidates it invites one by one: they share one run of the ledger.

use std::collections::HashMap;
use std::rc::Rc;

use rhai::NativeCallContext;

use crate::api::Invited;
use crate::bulk::{self, Answer, Invitation, OtherDeadline, OutcomeRow, Standings, standings};
use crate::ledger::{Hold, RowState, RunId};
use crate::script::Host;
use crate::script::diagnosis::throw::{RhaiResultOf, throw};

/// Candidates that were invited one by one.
#[derive(Debug, Default)]
pub(in crate::script) struct Singles {
    run: Option<(RunId, Hold)>,
    /// What became of each, by assessment and lower-cased address; `None` where it failed.
    invited: HashMap<(String, String), Option<Before>>,
    /// Who had a session, by assessment.
    standings: HashMap<String, Rc<Standings>>,
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

impl Host {
    /// Forgets who was invited one by one and who had a session: where a session lasts for hours, both are asked anew.
    pub fn forget_singles(&self) {
        self.singles().take();
    }

    /// Returns the run that candidates are stored in who are invited one by one.
    pub(in crate::script) fn run_of_singles(&self, ctx: &NativeCallContext) -> RhaiResultOf<RunId> {
        if let Some((run, _)) = &self.singles().borrow().run {
            return Ok(*run);
        }
        let raise = |error| throw(ctx, error);
        let ledger = self.ledger(ctx)?;
        let run = ledger.begin(&self.settings().run).map_err(raise)?;
        let hold = ledger.hold(run).map_err(raise)?;
        self.note_run(run);
        self.singles().borrow_mut().run = Some((run, hold));
        Ok(run)
    }

    /// Returns what the service knows of one candidate; the sessions of an assessment are listed once.
    pub(in crate::script) fn standing(
        &self,
        ctx: &NativeCallContext,
        invitation: &Invitation,
    ) -> RhaiResultOf<Standings> {
        let assessment = &invitation.target.id;
        let known = self.singles().borrow().standings.get(assessment).cloned();
        let known = if let Some(known) = known {
            known
        } else {
            let client = self.settings().client.clone();
            let listed = self.wait(standings(client, assessment.clone()))?;
            let listed = listed.map_err(|error| throw(ctx, bulk::Error::Sessions(error)))?;
            let listed = Rc::new(listed);
            let mut singles = self.singles().borrow_mut();
            let standings = &mut singles.standings;
            standings.insert(assessment.clone(), Rc::clone(&listed));
            listed
        };
        let email = invitation.email.to_lowercase();
        let standing = known.get(&email).cloned();
        Ok(standing
            .map(|standing| (email, standing))
            .into_iter()
            .collect())
    }
}
