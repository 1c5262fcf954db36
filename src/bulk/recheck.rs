//! What is learnt about the rows of a plan after they were judged: who has a session, whose deadline has passed.

use std::rc::Rc;
use std::sync::Arc;

use super::{ExistingSessions, Options, Problem, RowOrigin, Warnings};
use crate::ledger::{Error, ExistingSession, Ledger, PlanWriter, RowIter, RowState, RunId};
use crate::time::DateTime;

/// The rows of a run that are looked at again, and what is to be said about them.
pub(super) struct Recheck<'a> {
    pub(super) ledger: &'a Rc<Ledger>,
    pub(super) run: RunId,
    /// Rows in one of these states are looked at.
    pub(super) states: &'a [RowState],
    pub(super) options: &'a Options,
    pub(super) warnings: Warnings,
}

impl Recheck<'_> {
    /// Leaves out who has finished, and returns how many candidates of each target have an active session. `known` has an
    /// entry for each target.
    pub(super) fn apply_existing_sessions<'s>(
        &mut self,
        mut plan_writer: PlanWriter,
        files: &[Arc<str>],
        known: impl Iterator<Item = Option<&'s ExistingSessions>>,
    ) -> Result<Vec<u64>, Error> {
        let mut active = Vec::new();
        let mut finished = Vec::new();
        for (target, existing_sessions) in (0..).zip(known) {
            let mut count = 0;
            for (email, existing_session) in existing_sessions.into_iter().flatten() {
                if self.options.again && matches!(existing_session, ExistingSession::Finished(_)) {
                    continue;
                }
                let Some(found) = plan_writer.apply_existing_session(
                    target,
                    email,
                    existing_session,
                    self.states,
                )?
                else {
                    continue;
                };
                match existing_session {
                    ExistingSession::Active => count += 1,
                    ExistingSession::Finished(reason) => finished.push((found, reason)),
                }
            }
            active.push(count);
        }
        plan_writer.finish()?;
        finished.sort_by_key(|(found, _)| found.number);
        for (found, reason) in finished {
            let origin = RowOrigin::new(found.number, found.location, files);
            self.warnings.skip(reason, origin);
        }
        Ok(active)
    }

    /// Remarks on rows whose deadline has passed since they were planned, and leaves them out where that is wanted.
    pub(super) fn find_expired(&mut self) -> Result<(), Error> {
        let now = self.options.now();
        let mut plan_writer = self.ledger.plan_writer(self.run)?;
        for row in RowIter::of(self.ledger, self.run, self.states)? {
            let row = row?;
            let due = row.due_date.as_deref().and_then(DateTime::from_text);
            let Some(due) = due.filter(|due| due.timestamp() <= now) else {
                continue;
            };
            let problem = Problem::expired(&due);
            // Where they reject the plan, they must do so next time, too.
            if self.options.skip_invalid {
                plan_writer.invalidate(row.number, row.target, row.state, &problem.to_string())?;
            }
            let origin = RowOrigin {
                number: row.number,
                location: row.file.zip(row.line),
            };
            self.warnings.problems.add(origin, problem);
        }
        plan_writer.finish()
    }
}
