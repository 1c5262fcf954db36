//! Rechecking the rows of a plan before they are sent: for existing sessions, expired deadlines, and addresses that must not be
//! invited.

use std::rc::Rc;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Options;
use super::assessment_deadline::AssessmentDeadline;
use super::existing_sessions::{ExistingSession, ExistingSessions, SessionState, asked_at};
use super::never_invite::NeverInviteCheck;
use super::problem::Problem;
use super::row_source::Source;
use super::sample::RowOrigin;
use super::session_differences::{RequestedTerms, SessionDifferences};
use super::unclear_ends::settled_at;
use super::warnings::Warnings;
use crate::api::Client;
use crate::ledger::{
    Error, FoundRow, Ledger, PlanWriter, Row, RowIter, RowState, RunId, SessionTerms, Target,
};
use crate::time::DateTime;

pub(super) struct Recheck<'a> {
    pub(super) client: &'a Client,
    pub(super) ledger: &'a Rc<Ledger>,
    pub(super) run: RunId,
    /// Recheck the rows in one of these states.
    pub(super) states: &'a [RowState],
    pub(super) options: &'a Options,
    pub(super) warnings: Warnings,
}

impl Recheck<'_> {
    /// Leaves out candidates who have finished, and returns for each target how many candidates have an active session.
    /// `sessions` and `deadlines` have an entry for each target.
    pub(super) fn apply_existing_sessions<'s>(
        &mut self,
        mut plan_writer: PlanWriter,
        files: &[Arc<str>],
        sessions: impl Iterator<Item = Option<&'s ExistingSessions>>,
        deadlines: &[Option<AssessmentDeadline>],
    ) -> Result<Vec<u64>, Error> {
        let settled_at = settled_at(self.ledger, self.run, self.client)?;
        let mut active = Vec::new();
        let mut finished = Vec::new();
        for (target, existing_sessions) in (0..).zip(sessions) {
            let mut count = 0;
            for (email, session) in existing_sessions
                .into_iter()
                .flat_map(ExistingSessions::iter)
            {
                let Some(row) = plan_writer.find_candidate(target, email, self.states)? else {
                    continue;
                };
                match &session.state {
                    SessionState::Active => {
                        let is_of_others = settled_at
                            .zip(session.created_at)
                            .is_some_and(|(settled, created)| created > settled);
                        let session = session.terms(self.zone(&row));
                        plan_writer.mark_known(&row, &session, is_of_others)?;
                        let inherited = deadlines.get(target as usize);
                        self.compare(&row, &session, inherited.and_then(Option::as_ref), files);
                        count += 1;
                    }
                    SessionState::Finished(reason) if self.is_left_out(&row, session) => {
                        plan_writer.settle(
                            row.number,
                            target,
                            row.state,
                            RowState::Skipped,
                            reason,
                        )?;
                        finished.push((row.number, row.location, reason));
                    }
                    SessionState::Finished(_) => {}
                }
            }
            active.push(count);
        }
        plan_writer.commit()?;
        finished.sort_by_key(|(number, ..)| *number);
        for (number, location, reason) in finished {
            self.warnings.hidden.remove_invited(number);
            let origin = RowOrigin::new(number, location, files);
            self.warnings.add_skipped(reason, origin);
        }
        Ok(active)
    }

    /// Warns if an existing session differs from what the row asks for.
    fn compare(
        &mut self,
        row: &FoundRow,
        session: &SessionTerms,
        inherited: Option<&AssessmentDeadline>,
        files: &[Arc<str>],
    ) {
        let now = self.options.now();
        let due_date = row.due_date.as_ref();
        if due_date.is_some_and(|due| due.timestamp() <= now) {
            // The row itself is invalid.
            return;
        }
        let requested = RequestedTerms {
            name: row.has_explicit_name.then_some(&row.name),
            due_date,
        };
        let differences = SessionDifferences::of(session, requested, inherited, now);
        let origin = RowOrigin::new(row.number, row.location, files);
        self.warnings.differences.add(differences, &origin);
    }

    /// Returns the zone in which times are shown for a row.
    fn zone<'r>(&'r self, row: &'r FoundRow) -> &'r TimeZone {
        let due_date = row.due_date.as_ref();
        due_date.map_or(&self.options.zone, |due| due.zoned().time_zone())
    }

    /// Leaves out rows whose address must not be invited.
    pub(super) fn skip_never_invited(
        &mut self,
        never_invite: &NeverInviteCheck,
    ) -> Result<(), Error> {
        let mut plan_writer = self.ledger.plan_writer(self.run)?;
        for row in RowIter::of(self.ledger, self.run, self.states)? {
            let row = row?;
            let email = row.email.as_deref().unwrap_or_default();
            let Some(line) = never_invite.line_of(email) else {
                continue;
            };
            let mut reason = never_invite.reason(line);
            if row.state == RowState::Sending {
                reason.push_str("; perhaps invited before");
            }
            plan_writer.settle(
                row.number,
                row.target,
                row.state,
                RowState::Skipped,
                &reason,
            )?;
            self.warnings
                .add_never_invited(&never_invite.name(), line, RowOrigin::of(&row));
        }
        plan_writer.commit()
    }

    /// Returns whether a candidate who has finished is left out. If finished candidates are invited again, only those are left out
    /// whose session may be the one that this row has asked for.
    fn is_left_out(&self, row: &FoundRow, session: &ExistingSession) -> bool {
        let asked_at = row.asked_at.and_then(|at| asked_at(self.client, at));
        !self.options.again || asked_at.is_some_and(|asked_at| session.is_since(asked_at))
    }

    /// Adds a problem for each row whose deadline, or that of its assessment, has passed since it was planned. With
    /// `--skip-invalid`, also leaves the row out. Of all other rows, adds how their values were read.
    pub(super) fn find_expired(
        &mut self,
        targets: &[Target],
        deadlines: &[Option<AssessmentDeadline>],
    ) -> Result<(), Error> {
        let now = self.options.now();
        let mut plan_writer = self.ledger.plan_writer(self.run)?;
        for row in RowIter::of(self.ledger, self.run, self.states)? {
            let row = row?;
            for interpretation in &row.interpretations {
                let origin = Some(RowOrigin::of(&row));
                let interpretations = &mut self.warnings.interpretations;
                interpretations.add(origin, interpretation.clone());
            }
            let problem = if let Some(due) = &row.due_date {
                (due.timestamp() <= now).then(|| expired(&row, due))
            } else {
                let at = row.target as usize;
                let deadline = deadlines.get(at).and_then(Option::as_ref);
                let inherited = deadline.zip(targets.get(at));
                inherited.and_then(|(deadline, target)| deadline.problem(&target.label, now))
            };
            let Some(problem) = problem else { continue };
            // Otherwise these rows reject the plan, and the next recheck must find them again.
            if self.options.skip_invalid {
                let reason = problem.to_string();
                plan_writer.settle(
                    row.number,
                    row.target,
                    row.state,
                    RowState::Invalid,
                    &reason,
                )?;
            }
            self.warnings.problems.add(RowOrigin::of(&row), problem);
        }
        plan_writer.commit()
    }
}

/// Returns the problem of a row whose deadline has passed, with the column that it was read from.
fn expired(row: &Row, due: &DateTime) -> Problem {
    let source = Source {
        json: row.source.as_deref(),
        columns: None,
        is_hidden: false,
    };
    Problem {
        column: source.column_of_deadline(due),
        ..Problem::expired(due)
    }
}
