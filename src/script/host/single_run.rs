//! The run of the ledger that single invitations share.

use std::rc::Rc;

use rhai::NativeCallContext;

use crate::bulk::{self, Invitation, Standings, standings};
use crate::ledger::RunId;
use crate::script::error::throw::{RhaiResultOf, throw};
use crate::script::host::run_host::Host;

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
