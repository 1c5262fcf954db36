//! The course of a plan, from its stored rows to the last answer: who is left out, what is shown, what is asked, what is
//! sent.

use std::panic::resume_unwind;
use std::rc::Rc;

use futures_util::future::join_all;
use tokio::sync::mpsc::unbounded_channel;

use super::planner::Planned;
use super::recheck::Recheck;
use super::send::InvitationSender;
use super::throttling::wait;
use super::warnings::Warnings;
use super::{
    BulkFrontend, Consent, Error, Event, ExistingSessions, Options, Plan, Rejection, StopReason,
    UnfinishedRun, existing_sessions,
};
use crate::api::Client;
use crate::ledger::{Ledger, RowSelection, RowState, Run, RunId, RunState};
use crate::runtime::Runtime;

/// Rows that have no recorded answer.
const UNANSWERED: [RowState; 2] = [RowState::Planned, RowState::Sending];

/// What a plan needs on its course.
#[derive(Clone, Copy)]
pub struct PlanExecutor<'a> {
    /// Where it is stored.
    pub ledger: &'a Rc<Ledger>,
    /// Whom it is sent to.
    pub client: &'a Client,
    /// What sending runs on.
    pub runtime: &'a Runtime,
    /// Who sees it.
    pub frontend: &'a dyn BulkFrontend,
    /// What the user decided.
    pub options: &'a Options,
}

/// How the course of a plan ended.
#[derive(Debug)]
pub struct Ended {
    /// The run.
    pub run: RunId,
    /// How.
    pub end: ExecutionStatus,
    /// How many existing sessions keep another deadline than was asked for.
    pub deadline_mismatches: u64,
}

/// How the course of a plan ended.
#[derive(Debug)]
pub enum ExecutionStatus {
    /// All that was to be sent was sent.
    Sent,
    /// Nothing was to be sent.
    DryRun,
    /// The plan is wrong; nothing was sent.
    Rejected,
    /// Nobody agreed; nothing was sent.
    Declined,
    /// Sending ended early.
    Stopped(StopReason),
}

impl PlanExecutor<'_> {
    /// Completes a plan that was just made by what the API knows of its candidates; `known` has an entry for each
    /// assessment, by id.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn complete(
        &self,
        planned: Planned,
        known: &[(String, ExistingSessions)],
    ) -> Result<Plan, Error> {
        let Planned { run, validated } = planned;
        let existing_sessions = validated.targets.iter().map(|target| {
            let found = known.iter().find(|(id, _)| *id == target.assessment);
            found.map(|(_, existing_sessions)| existing_sessions)
        });
        let mut recheck = self.recheck(run, &UNANSWERED, validated.warnings);
        let active = recheck.apply_existing_sessions(
            validated.plan_writer,
            &validated.files,
            existing_sessions,
        )?;
        let unfinished_run = self.ledger.find_similar_unfinished(run)?;
        Ok(Plan {
            first: self.options.first,
            unfinished_run: unfinished_run.map(|run| UnfinishedRun {
                run: run.id,
                left: run.left(),
            }),
            ..Plan::read(self.ledger, run, &UNANSWERED, &active, recheck.warnings)?
        })
    }

    /// Keeps a plan that was just made, and whose candidates the API knows nothing of yet, for `send`; tells of it, or why it
    /// cannot be sent.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn defer(&self, planned: Planned) -> Result<(), Error> {
        let plan = self.complete(planned, &[])?;
        let rejection = plan.rejection(self.options);
        if let Some(rejection) = &rejection {
            self.reject(&plan, rejection)?;
        } else {
            self.set_state_unless_begun(&plan, RunState::Planned)?;
        }
        if rejection.is_some() || plan.to_send() > 0 {
            let run = plan.run;
            self.frontend.progress(Event::Deferred { run, rejection });
        }
        Ok(())
    }

    /// Sends what `run`, which the caller holds, has not sent; with `failed`, also what failed. `None` where the user
    /// interrupted it before anything was shown.
    ///
    /// # Errors
    /// The run may not be sent, the API cannot tell who has a session, or the ledger failed.
    pub fn resume_run(&self, run: &Run, failed: bool) -> Result<Option<Ended>, Error> {
        let planned = wait(
            self.runtime,
            self.client,
            |throttling| {
                self.frontend
                    .progress(Event::Throttling(throttling.clone()))
            },
            self.recheck_plan(run, failed),
        );
        let Some(plan) = planned.transpose()? else {
            return Ok(None);
        };
        self.execute(&plan, failed).map(Some)
    }

    async fn recheck_plan(&self, run: &Run, failed: bool) -> Result<Plan, Error> {
        if !run.state.can_be_sent() {
            return Err(Error::NotSendable {
                run: run.id,
                state: run.state,
            });
        }
        let states = states(failed);
        let listed = join_all(
            run.targets
                .iter()
                .map(|target| existing_sessions(self.client.clone(), target.assessment.clone())),
        );
        let known: Vec<ExistingSessions> = listed
            .await
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(Error::Sessions)?;
        let files = self.ledger.files(run.id)?;
        let mut recheck = self.recheck(run.id, states, Warnings::default());
        let mut plan_writer = self.ledger.plan_writer(run.id)?;
        plan_writer.reopen()?;
        let active =
            recheck.apply_existing_sessions(plan_writer, &files, known.iter().map(Some))?;
        recheck.find_expired()?;
        Ok(Plan {
            first: self.options.first,
            planned_at: Some(run.created_at),
            ..Plan::read(self.ledger, run.id, states, &active, recheck.warnings)?
        })
    }

    /// Shows `plan`, asks, and sends it as far as that was agreed to. The caller holds the run.
    ///
    /// # Errors
    /// The ledger failed; what is not recorded is asked again by the next `send`.
    pub fn execute(&self, plan: &Plan, failed: bool) -> Result<Ended, Error> {
        let ended = |end| Ended {
            run: plan.run,
            end,
            deadline_mismatches: 0,
        };
        let rejection = plan.rejection(self.options);
        self.frontend.show(plan, rejection.as_ref());
        if let Some(rejection) = rejection {
            // A plan that was right when it was made stays one: `--skip-invalid` may send it, or another limit.
            if plan.planned_at.is_none() {
                self.reject(plan, &rejection)?;
            }
            return Ok(ended(ExecutionStatus::Rejected));
        }
        self.set_state_unless_begun(plan, RunState::Planned)?;
        if self.options.dry_run {
            return Ok(ended(ExecutionStatus::DryRun));
        }
        if plan.to_send() == 0 {
            self.ledger.set_state(plan.run, RunState::Done)?;
            return Ok(ended(ExecutionStatus::Sent));
        }
        match self.frontend.approve(plan) {
            Consent::Given => {}
            Consent::Refused => {
                self.set_state_unless_begun(plan, RunState::Declined)?;
                return Ok(ended(ExecutionStatus::Declined));
            }
            Consent::Interrupted => {
                self.set_state_unless_begun(plan, RunState::Declined)?;
                return Ok(ended(ExecutionStatus::Stopped(StopReason::Interrupted)));
            }
        }
        self.ledger.set_state(plan.run, RunState::Confirmed)?;
        self.send(plan, failed)
    }

    fn send(&self, plan: &Plan, failed: bool) -> Result<Ended, Error> {
        let run = self.ledger.run(plan.run)?;
        let send_queue = self.ledger.send(
            plan.run,
            &RowSelection {
                states: states(failed).to_vec(),
                first: plan.first,
            },
        )?;
        self.ledger.set_state(plan.run, RunState::Sending)?;
        let sender = InvitationSender {
            run: plan.run,
            invite_endpoints: run
                .targets
                .iter()
                .map(|target| self.client.invite_endpoint(&target.assessment))
                .collect(),
            client: self.client.clone(),
            targets: run.targets,
            files: self.ledger.files(plan.run)?,
            concurrency: self.options.concurrency,
            clock: self.options.clock.clone(),
            report_all: self.options.report_all,
        };
        let total = plan.to_send();
        self.frontend.progress(Event::Started { total });
        let (events, mut incoming) = unbounded_channel();
        let interrupt = self.runtime.interrupt().clone();
        // Sent on the thread that drives the connections: an answer wakes no other thread.
        let sending = self
            .runtime
            .spawn(sender.send(send_queue, total, interrupt, events));
        while let Some(event) = self.runtime.wait(incoming.recv()) {
            self.frontend.progress(event);
        }
        let sent = self.runtime.wait(sending);
        let (send_queue, sent) = sent.unwrap_or_else(|gone| resume_unwind(gone.into_panic()));
        let recorded = send_queue.finish();
        self.frontend.progress(Event::Ended);
        recorded.map_err(|source| Error::Unrecorded {
            run: plan.run,
            source,
        })?;
        let run = self.ledger.run(plan.run)?;
        let state = if run.left() == 0 {
            RunState::Done
        } else {
            RunState::Stopped
        };
        self.ledger.set_state(plan.run, state)?;
        Ok(Ended {
            run: plan.run,
            end: sent
                .stop
                .map_or(ExecutionStatus::Sent, ExecutionStatus::Stopped),
            deadline_mismatches: sent.deadline_mismatches,
        })
    }

    fn recheck<'a>(
        &'a self,
        run: RunId,
        states: &'a [RowState],
        warnings: Warnings,
    ) -> Recheck<'a> {
        Recheck {
            ledger: self.ledger,
            run,
            states,
            options: self.options,
            warnings,
        }
    }

    /// A run of which something was sent keeps its state, whatever becomes of a later attempt to send the rest.
    fn set_state_unless_begun(&self, plan: &Plan, state: RunState) -> Result<(), Error> {
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

fn states(failed: bool) -> &'static [RowState] {
    if failed {
        &[RowState::Planned, RowState::Sending, RowState::Failed]
    } else {
        &UNANSWERED
    }
}
