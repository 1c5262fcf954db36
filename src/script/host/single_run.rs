//! The run of the ledger that `invite` calls share.

use std::panic::resume_unwind;
use std::rc::Rc;

use rhai::NativeCallContext;

use crate::bulk::{self, ExistingSessions, Invitation};
use crate::change_kind::ChangeKind;
use crate::ledger::RunId;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, throw};
use crate::script::host::run_host::Host;

impl Host {
    /// Forgets single invites and existing sessions, so that a long REPL session fetches them anew.
    pub fn reset_single_invites(&self) {
        self.single_invites.take();
    }

    /// Returns the run that stores single invites.
    pub(in crate::script) fn single_invites_run(
        &self,
        ctx: &NativeCallContext,
    ) -> RhaiResultOf<RunId> {
        if let Some(run) = self.single_invites.borrow().run() {
            return Ok(run);
        }
        let ledger = self.ledger(ctx)?;
        let run = ledger
            .create_run(ChangeKind::Invite, &self.settings.run)
            .or_throw(ctx)?;
        let run_lock = ledger.lock_run(run).or_throw(ctx)?;
        self.record_run(run);
        self.single_invites.borrow_mut().open_run(run, run_lock);
        Ok(run)
    }

    /// Returns the candidate's existing session, if there is one. The sessions of an assessment are listed once.
    pub(in crate::script) fn existing_session(
        &self,
        ctx: &NativeCallContext,
        invitation: &Invitation,
    ) -> RhaiResultOf<ExistingSessions> {
        let assessment = &invitation.target.id;
        let cached = self.single_invites.borrow().sessions_of(assessment);
        let known = if let Some(cached) = cached {
            cached
        } else {
            let list = self.take_session_list(assessment);
            let listed = self.wait(list)?;
            let listed = listed.unwrap_or_else(|gone| resume_unwind(gone.into_panic()));
            let listed = listed.map_err(|error| throw(ctx, bulk::Error::Sessions(error)))?;
            let listed = Rc::new(listed);
            let mut single_invites = self.single_invites.borrow_mut();
            single_invites.add_sessions(assessment.clone(), Rc::clone(&listed));
            listed
        };
        Ok(known.of_candidate(&invitation.email))
    }
}
