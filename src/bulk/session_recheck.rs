//! Comparing the sessions that a plan is about with the service: when it is made, and again before it is sent.

use super::Error;
use super::executor::PlanExecutor;
use super::existing_sessions::ListingTime;
use super::kinds::{self, Comparison, GONE, SessionLook};
use super::plan::Plan;
use super::session_statuses::{Statuses, look_up};
use super::warnings::Warnings;
use crate::ledger::{RowIter, RowState, Run};

impl PlanExecutor<'_> {
    /// Looks up the sessions of the rows of `run` in one of `states`, settles those that are not to be sent, and returns the plan
    /// of the others.
    pub(super) async fn compare_sessions(
        &self,
        run: &Run,
        states: &[RowState],
        warnings: Warnings,
    ) -> Result<Plan, Error> {
        let rows = || RowIter::of(self.ledger, run.id, states);
        let mut ids = vec![Vec::new(); run.targets.len()];
        for row in rows()? {
            let row = row?;
            if let (Some(ids), Some(id)) = (ids.get_mut(row.target as usize), row.subject) {
                ids.push(id);
            }
        }
        let listed_at = ListingTime::now();
        let mut known = Statuses::new();
        for (target, ids) in run.targets.iter().zip(ids) {
            known.extend(look_up(self.client, target, ids).await?);
        }
        let mut warnings = warnings;
        let mut plan_writer = self.ledger.plan_writer(run.id)?;
        // Read only if there is a session that is gone.
        let mut revoked = None;
        for row in rows()? {
            let row = row?;
            let id = row.subject.as_deref().unwrap_or_default();
            let found = known.get(id).map(Option::as_deref);
            let look = found.map_or(SessionLook::Missing, SessionLook::Found);
            let compared = kinds::compare(run.kind, row.state, look, self.options.again);
            let Comparison::Settled(state, mut reason) = compared else {
                continue;
            };
            if reason == GONE {
                let revoked = match &mut revoked {
                    Some(revoked) => revoked,
                    None => revoked.insert(self.ledger.revoked_sessions(run.id, GONE)?),
                };
                if let Some(by) = revoked.get(id) {
                    reason = format!("already revoked in run {by}");
                }
            }
            plan_writer.settle(row.number, row.target, row.state, state, &reason)?;
            warnings.add_settled(state, &reason, &row);
        }
        plan_writer.commit()?;
        let no_deadlines = vec![None; run.targets.len()];
        let no_existing = vec![0; run.targets.len()];
        Ok(Plan {
            first: self.options.remaining(),
            listed_at: Some(listed_at),
            ..Plan::read(
                self.ledger,
                run.id,
                states,
                &no_existing,
                no_deadlines,
                warnings,
                self.options.now(),
            )?
        })
    }
}
