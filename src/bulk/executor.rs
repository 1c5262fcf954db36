//! Executing a plan: from its stored rows to the last result.

use std::future::Future;
use std::rc::Rc;

use futures_util::future::try_join;

use super::assessment_deadline::look_up_deadlines;
use super::assessment_lock::AssessmentLocks;
use super::difference_samples::ResultDifferences;
use super::existing_sessions::{ExistingSessions, ListingTime, list_sessions};
use super::frontend::{BulkFrontend, Consent, Event};
use super::plan::{Plan, Rejection, UnfinishedRun};
use super::recheck::Recheck;
use super::send_result::StopReason;
use super::unclear_ends::UnclearRows;
use super::validator::ValidatedPlan;
use super::wait::wait;
use super::warnings::Warnings;
use super::{Error, Options};
use crate::api::{Client, Pause};
use crate::change_kind::ChangeKind;
use crate::ledger::{Ledger, RowState, Run, RunId, RunState};
use crate::runtime::Runtime;

/// Rows without a recorded result.
pub(super) const UNSENT: [RowState; 2] = [RowState::Planned, RowState::Sending];

/// Which rows that were sent are sent again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retry {
    pub failed: bool,
    /// Rows whose request may have been carried out.
    pub unclear: bool,
}

impl Retry {
    /// Returns the states of the rows to send.
    pub(super) fn states(self) -> &'static [RowState] {
        use RowState::{Failed, Planned, Sending, Unclear};
        match (self.failed, self.unclear) {
            (false, false) => &UNSENT,
            (true, false) => &[Planned, Sending, Failed],
            (false, true) => &[Planned, Sending, Unclear],
            (true, true) => &[Planned, Sending, Failed, Unclear],
        }
    }
}

/// Shows a plan, asks for consent, and sends it.
#[derive(Clone, Copy)]
pub struct PlanExecutor<'a> {
    pub ledger: &'a Rc<Ledger>,
    pub client: &'a Client,
    pub runtime: &'a Runtime,
    pub frontend: &'a dyn BulkFrontend,
    pub options: &'a Options,
    pub locks: &'a AssessmentLocks,
    /// Runs that the same script began. They are not reported as unfinished earlier runs.
    pub own_runs: &'a [RunId],
}

#[derive(Debug)]
pub struct ExecutionResult {
    pub run: RunId,
    pub status: ExecutionStatus,
    pub differences: ResultDifferences,
    /// How many candidates are invited although the API sent no link.
    pub without_link: u64,
    /// Whether the sessions that the caller listed may have changed before the plan was sent.
    pub listed_again: bool,
}

#[derive(Debug)]
pub enum ExecutionStatus {
    /// Everything was sent.
    Sent,
    /// Nothing was to be sent.
    DryRun,
    /// The plan is not acceptable; nothing was changed.
    Rejected,
    /// The user did not confirm; nothing was changed.
    Declined,
    /// Sending ended early.
    Stopped(StopReason),
}

impl PlanExecutor<'_> {
    /// Completes a new plan about sessions by comparing these with the service. If that is not possible, the plan is kept for `send`.
    /// Returns `None` if the user interrupts it.
    pub fn complete_sessions(&self, validated: ValidatedPlan) -> Result<Option<Plan>, Error> {
        let ValidatedPlan {
            run,
            mut plan_writer,
            warnings,
            ..
        } = validated;
        plan_writer.commit()?;
        let compared = self.compare_new(run, warnings);
        if let Some(Ok(plan)) = compared {
            return Ok(Some(plan));
        }
        self.ledger.set_state(run, RunState::Planned)?;
        self.frontend.progress(Event::Deferred {
            run,
            rejection: None,
        });
        compared.transpose()
    }

    /// Compares the sessions of a new run with the service, and returns its plan. Returns `None` if the user interrupts it.
    pub(super) fn compare_new(
        &self,
        run: RunId,
        warnings: Warnings,
    ) -> Option<Result<Plan, Error>> {
        self.wait(async {
            let unfinished_run = self.unfinished_run(run)?;
            let run = self.ledger.run(run)?;
            let plan = self.compare_sessions(&run, &UNSENT, warnings).await?;
            Ok(Plan {
                unfinished_run,
                ..plan
            })
        })
    }

    /// Finds an earlier run of the same script with the same arguments that is not finished.
    fn unfinished_run(&self, run: RunId) -> Result<Option<UnfinishedRun>, Error> {
        let found = self.ledger.find_similar_unfinished(run, self.own_runs)?;
        Ok(found.map(|run| UnfinishedRun {
            run: run.id,
            unsent: run.unsent(),
        }))
    }

    /// Waits for `work`, and reports when the API asks to wait. Returns `None` if the user interrupts it.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let report_pause = |pause: &Pause| self.frontend.progress(Event::Paused(pause.clone()));
        wait(self.runtime, self.client, report_pause, work)
    }

    /// Completes a new plan by applying the existing sessions, listed by assessment id.
    pub fn complete(
        &self,
        validated: ValidatedPlan,
        sessions: &[(String, ExistingSessions)],
    ) -> Result<Plan, Error> {
        let run = validated.run;
        let sessions_by_target = validated.targets.iter().map(|target| {
            let found = sessions.iter().find(|(id, _)| *id == target.assessment);
            found.map(|(_, sessions)| sessions)
        });
        let mut recheck = self.recheck(run, &UNSENT, validated.warnings);
        let active = recheck.apply_existing_sessions(
            validated.plan_writer,
            &validated.files,
            sessions_by_target,
            &validated.deadlines,
        )?;
        let unfinished_run = self.unfinished_run(run)?;
        Ok(Plan {
            first: self.options.remaining(),
            listed_at: ListingTime::of_all(sessions.iter().map(|(_, sessions)| sessions)),
            unfinished_run,
            ..Plan::read(
                self.ledger,
                run,
                &UNSENT,
                &active,
                validated.deadlines,
                recheck.warnings,
                self.options.now(),
            )?
        })
    }

    /// Keeps a new plan for `send` because existing sessions could not be listed, and reports that, or why the plan cannot be
    /// sent.
    pub fn defer(&self, validated: ValidatedPlan) -> Result<(), Error> {
        let plan = self.complete(validated, &[])?;
        let rejection = plan.rejection(self.options);
        if let Some(rejection) = &rejection {
            self.reject(&plan, rejection)?;
        } else {
            self.set_state_unless_partly_sent(&plan, RunState::Planned)?;
        }
        if rejection.is_some() || plan.to_send() > 0 {
            let run = plan.run;
            self.frontend.progress(Event::Deferred { run, rejection });
        }
        Ok(())
    }

    /// Sends the unsent rows of `run`, which the caller has locked; with `failed`, also those that failed. Returns `None` if
    /// the user interrupts it before the plan is shown.
    pub fn resume_run(&self, run: &Run, retry: Retry) -> Result<Option<ExecutionResult>, Error> {
        let options = self.options.with_decisions(run.spec.decisions);
        let executor = PlanExecutor {
            options: &options,
            ..*self
        };
        executor.recheck_and_execute(run, retry)
    }

    fn recheck_and_execute(
        &self,
        run: &Run,
        retry: Retry,
    ) -> Result<Option<ExecutionResult>, Error> {
        if !self.options.dry_run {
            let unclear = UnclearRows {
                ledger: self.ledger,
                run: run.id,
                states: retry.states(),
            };
            if !unclear.await_settled(self.client, self.runtime, self.frontend)? {
                return Ok(None);
            }
        }
        let rechecked = self.wait(self.recheck_plan(run, retry));
        let Some(plan) = rechecked.transpose()? else {
            return Ok(None);
        };
        self.execute(&plan, retry).map(Some)
    }

    async fn recheck_plan(&self, run: &Run, retry: Retry) -> Result<Plan, Error> {
        if !run.state.can_be_sent() {
            return Err(Error::NotSendable {
                run: run.id,
                state: run.state,
            });
        }
        let states = retry.states();
        if run.kind != ChangeKind::Invite {
            let mut plan_writer = self.ledger.plan_writer(run.id)?;
            plan_writer.reopen()?;
            plan_writer.commit()?;
            return Ok(Plan {
                planned_at: Some(run.created_at),
                ..self
                    .compare_sessions(run, states, Warnings::default())
                    .await?
            });
        }
        let never_invite = self.options.never_invite_check()?;
        let (sessions, deadlines) = try_join(
            list_sessions(self.client, &run.targets),
            look_up_deadlines(self.client, &run.targets, &self.options.zone),
        )
        .await?;
        let files = self.ledger.files(run.id)?;
        let mut recheck = self.recheck(run.id, states, Warnings::default());
        let mut plan_writer = self.ledger.plan_writer(run.id)?;
        plan_writer.reopen()?;
        plan_writer.forget_sessions(states)?;
        plan_writer.commit()?;
        if let Some(never_invite) = never_invite {
            recheck.skip_never_invited(&never_invite)?;
        }
        let active = recheck.apply_existing_sessions(
            plan_writer,
            &files,
            sessions.iter().map(Some),
            &deadlines,
        )?;
        recheck.find_expired(&run.targets, &deadlines)?;
        Ok(Plan {
            first: self.options.remaining(),
            planned_at: Some(run.created_at),
            listed_at: ListingTime::of_all(&sessions),
            ..Plan::read(
                self.ledger,
                run.id,
                states,
                &active,
                deadlines,
                recheck.warnings,
                self.options.now(),
            )?
        })
    }

    /// Shows `plan`, asks for consent, and sends it. The caller has locked the run.
    pub fn execute(&self, plan: &Plan, retry: Retry) -> Result<ExecutionResult, Error> {
        let ended = |status| ExecutionResult {
            run: plan.run,
            status,
            differences: ResultDifferences::default(),
            without_link: 0,
            listed_again: false,
        };
        let rejection = plan.rejection(self.options);
        self.frontend.show(plan, rejection.as_ref());
        if let Some(rejection) = rejection {
            // A plan that was acceptable when it was made stays so: `--skip-invalid` or a higher limit may still send it.
            if plan.planned_at.is_none() {
                self.reject(plan, &rejection)?;
            }
            return Ok(ended(ExecutionStatus::Rejected));
        }
        self.set_state_unless_partly_sent(plan, RunState::Planned)?;
        if self.options.dry_run {
            self.options.changed.add(plan.kind, plan.to_send());
            return Ok(ended(ExecutionStatus::DryRun));
        }
        if plan.to_send() == 0 {
            // With rows left, `--first` was reached by earlier plans.
            if plan.count() == 0 {
                self.ledger.set_state(plan.run, RunState::Done)?;
            }
            return Ok(ended(ExecutionStatus::Sent));
        }
        match self.frontend.approve(plan) {
            Consent::Given => {}
            Consent::Refused => {
                self.set_state_unless_partly_sent(plan, RunState::Declined)?;
                return Ok(ended(ExecutionStatus::Declined));
            }
            Consent::Interrupted => {
                self.set_state_unless_partly_sent(plan, RunState::Declined)?;
                return Ok(ended(ExecutionStatus::Stopped(StopReason::Interrupted)));
            }
        }
        let sent = self.send_exclusively(plan, retry)?;
        Ok(sent.unwrap_or_else(|| ended(ExecutionStatus::Stopped(StopReason::Interrupted))))
    }

    pub(super) fn recheck<'a>(
        &'a self,
        run: RunId,
        states: &'a [RowState],
        warnings: Warnings,
    ) -> Recheck<'a> {
        Recheck {
            client: self.client,
            ledger: self.ledger,
            run,
            states,
            options: self.options,
            warnings,
        }
    }

    /// A partly sent run keeps its state, whatever happens to a later attempt to send the rest.
    fn set_state_unless_partly_sent(&self, plan: &Plan, state: RunState) -> Result<(), Error> {
        if !plan.is_partly_sent {
            self.ledger.set_state(plan.run, state)?;
        }
        Ok(())
    }

    fn reject(&self, plan: &Plan, rejection: &Rejection) -> Result<(), Error> {
        if !plan.is_partly_sent {
            self.ledger.reject(plan.run, &rejection.to_string())?;
        }
        Ok(())
    }
}
