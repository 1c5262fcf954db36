//! What is learnt about the rows of a plan after they were judged: who has a session, whose deadline has passed.

use std::rc::Rc;
use std::sync::Arc;

use super::{Options, Origin, Problem, Remarks, Standings};
use crate::ledger::{Drafting, Error, Ledger, RowState, Rows, RunId, Standing};
use crate::moment::DateTime;

/// The rows of a run that are looked at again, and what is to be said about them.
pub(super) struct Review<'a> {
    pub(super) ledger: &'a Rc<Ledger>,
    pub(super) run: RunId,
    /// Rows in one of these states are looked at.
    pub(super) states: &'a [RowState],
    pub(super) options: &'a Options,
    pub(super) remarks: Remarks,
}

impl Review<'_> {
    /// Leaves out who has finished, and returns how many candidates of each target have an active session. `known` has an
    /// entry for each target.
    pub(super) fn compare<'s>(
        &mut self,
        mut drafting: Drafting,
        files: &[Arc<str>],
        known: impl Iterator<Item = Option<&'s Standings>>,
    ) -> Result<Vec<u64>, Error> {
        let mut active = Vec::new();
        let mut finished = Vec::new();
        for (target, standings) in (0..).zip(known) {
            let mut count = 0;
            for (email, standing) in standings.into_iter().flatten() {
                if self.options.again && matches!(standing, Standing::Finished(_)) {
                    continue;
                }
                let Some(found) = drafting.stands(target, email, standing, self.states)? else {
                    continue;
                };
                match standing {
                    Standing::Active => count += 1,
                    Standing::Finished(reason) => finished.push((found, reason)),
                }
            }
            active.push(count);
        }
        drafting.finish()?;
        finished.sort_by_key(|(found, _)| found.number);
        for (found, reason) in finished {
            let origin = Origin::new(found.number, found.place, files);
            self.remarks.skip(reason, origin);
        }
        Ok(active)
    }

    /// Remarks on rows whose deadline has passed since they were planned, and leaves them out where that is wanted.
    pub(super) fn find_late(&mut self) -> Result<(), Error> {
        let now = self.options.now();
        let mut drafting = self.ledger.draft(self.run)?;
        for row in Rows::of(self.ledger, self.run, self.states)? {
            let row = row?;
            let due = row.due_date.as_deref().and_then(DateTime::from_text);
            let Some(due) = due.filter(|due| due.timestamp() <= now) else {
                continue;
            };
            let problem = Problem::late(&due);
            // Where they reject the plan, they must do so next time, too.
            if self.options.skip_invalid {
                drafting.invalidate(row.number, row.target, row.state, &problem.to_string())?;
            }
            let origin = Origin {
                number: row.number,
                place: row.file.zip(row.line),
            };
            self.remarks.problems.add(origin, problem);
        }
        drafting.finish()
    }
}
