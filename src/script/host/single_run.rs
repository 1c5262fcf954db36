//! The run of the ledger that single invitations share.

use std::rc::Rc;

use rhai::NativeCallContext;

use crate::bulk::{self, ExistingSessions, Invitation, existing_sessions};
use crate::ledger::RunId;
use crate::script::error::throw::{RhaiResultOf, throw};
use crate::script::host::run_host::Host;

impl Host {
    /// Forgets who was invited one by one and who had a session: where a session lasts for hours, both are asked anew.
    pub fn reset_single_invites(&self) {
        self.single_invites().take();
    }

    /// Returns the run that candidates are stored in who are invited one by one.
    pub(in crate::script) fn single_invites_run(
        &self,
        ctx: &NativeCallContext,
    ) -> RhaiResultOf<RunId> {
        if let Some((run, _)) = &self.single_invites().borrow().run {
            return Ok(*run);
        }
        let raise = |error| throw(ctx, error);
        let ledger = self.ledger(ctx)?;
        let run = ledger.create_run(&self.settings().run).map_err(raise)?;
        let run_lock = ledger.lock_run(run).map_err(raise)?;
        self.record_run(run);
        self.single_invites().borrow_mut().run = Some((run, run_lock));
        Ok(run)
    }

    /// Returns what the service knows of one candidate; the sessions of an assessment are listed once.
    pub(in crate::script) fn standing(
        &self,
        ctx: &NativeCallContext,
        invitation: &Invitation,
    ) -> RhaiResultOf<ExistingSessions> {
        let assessment = &invitation.target.id;
        let known = self
            .single_invites()
            .borrow()
            .existing_sessions
            .get(assessment)
            .cloned();
        let known = if let Some(known) = known {
            known
        } else {
            let client = self.settings().client.clone();
            let listed = self.wait(existing_sessions(client, assessment.clone()))?;
            let listed = listed.map_err(|error| throw(ctx, bulk::Error::Sessions(error)))?;
            let listed = Rc::new(listed);
            let mut single_invites = self.single_invites().borrow_mut();
            let existing_sessions = &mut single_invites.existing_sessions;
            existing_sessions.insert(assessment.clone(), Rc::clone(&listed));
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
