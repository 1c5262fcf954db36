//! The course of a plan, from its stored rows to the last answer: who is left out, what is shown, what is asked, what is
//! sent.

use std::panic::resume_unwind;
use std::rc::Rc;

use futures_util::future::join_all;
use tokio::sync::mpsc::unbounded_channel;

use super::planner::Planned;
use super::remarks::Remarks;
use super::review::Review;
use super::send::Sender;
use super::waiting::wait;
use super::{
    Consent, Earlier, Error, Event, Options, Overseer, Plan, Rejection, Standings, Stop, standings,
};
use crate::api::Client;
use crate::ledger::{Ledger, RowState, Run, RunId, RunState, Take};
use crate::runtime::Runtime;

/// Rows that have no recorded answer.
const OPEN: [RowState; 2] = [RowState::Planned, RowState::Sending];

/// What a plan needs on its course.
#[derive(Clone, Copy)]
pub struct Course<'a> {
    /// Where it is stored.
    pub ledger: &'a Rc<Ledger>,
    /// Whom it is sent to.
    pub client: &'a Client,
    /// What sending runs on.
    pub runtime: &'a Runtime,
    /// Who sees it.
    pub overseer: &'a dyn Overseer,
    /// What the user decided.
    pub options: &'a Options,
}

/// How the course of a plan ended.
#[derive(Debug)]
pub struct Ended {
    /// The run.
    pub run: RunId,
    /// How.
    pub end: End,
    /// How many existing sessions keep another deadline than was asked for.
    pub other_deadlines: u64,
}

/// How the course of a plan ended.
#[derive(Debug)]
pub enum End {
    /// All that was to be sent was sent.
    Sent,
    /// Nothing was to be sent.
    DryRun,
    /// The plan is wrong; nothing was sent.
    Rejected,
    /// Nobody agreed; nothing was sent.
    Declined,
    /// Sending ended early.
    Stopped(Stop),
}

impl Course<'_> {
    /// Completes a plan that was just made by what the API knows of its candidates; `known` has an entry for each
    /// assessment, by id.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn complete(&self, planned: Planned, known: &[(String, Standings)]) -> Result<Plan, Error> {
        let Planned { run, judged } = planned;
        let standings = judged.targets.iter().map(|target| {
            let found = known.iter().find(|(id, _)| *id == target.assessment);
            found.map(|(_, standings)| standings)
        });
        let mut review = self.review(run, &OPEN, judged.remarks);
        let active = review.compare(judged.drafting, &judged.files, standings)?;
        let earlier = self.ledger.unfinished_like(run)?;
        Ok(Plan {
            first: self.options.first,
            earlier: earlier.map(|run| Earlier {
                run: run.id,
                left: run.left(),
            }),
            ..Plan::read(self.ledger, run, &OPEN, &active, review.remarks)?
        })
    }

    /// Keeps a plan that was just made, and whose candidates the API knows nothing of yet, for `send`; tells of it, or why it
    /// cannot be sent.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn put_off(&self, planned: Planned) -> Result<(), Error> {
        let plan = self.complete(planned, &[])?;
        let rejection = plan.rejection(self.options);
        if let Some(rejection) = &rejection {
            self.reject(&plan, rejection)?;
        } else {
            self.set_first_state(&plan, RunState::Planned)?;
        }
        if rejection.is_some() || plan.to_send() > 0 {
            let run = plan.run;
            self.overseer.progress(Event::PutOff { run, rejection });
        }
        Ok(())
    }

    /// Sends what `run`, which the caller holds, has not sent; with `failed`, also what failed. `None` where the user
    /// interrupted it before anything was shown.
    ///
    /// # Errors
    /// The run may not be sent, the API cannot tell who has a session, or the ledger failed.
    pub fn take_up(&self, run: &Run, failed: bool) -> Result<Option<Ended>, Error> {
        let planned = wait(
            self.runtime,
            self.client,
            |waiting| self.overseer.progress(Event::Waiting(waiting.clone())),
            self.resume(run, failed),
        );
        let Some(plan) = planned.transpose()? else {
            return Ok(None);
        };
        self.carry_out(&plan, failed).map(Some)
    }

    async fn resume(&self, run: &Run, failed: bool) -> Result<Plan, Error> {
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
                .map(|target| standings(self.client.clone(), target.assessment.clone())),
        );
        let known: Vec<Standings> = listed
            .await
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(Error::Sessions)?;
        let files = self.ledger.files(run.id)?;
        let mut review = self.review(run.id, states, Remarks::default());
        let mut drafting = self.ledger.draft(run.id)?;
        drafting.reopen()?;
        let active = review.compare(drafting, &files, known.iter().map(Some))?;
        review.find_late()?;
        Ok(Plan {
            first: self.options.first,
            planned_at: Some(run.created_at),
            ..Plan::read(self.ledger, run.id, states, &active, review.remarks)?
        })
    }

    /// Shows `plan`, asks, and sends it as far as that was agreed to. The caller holds the run.
    ///
    /// # Errors
    /// The ledger failed; what is not recorded is asked again by the next `send`.
    pub fn carry_out(&self, plan: &Plan, failed: bool) -> Result<Ended, Error> {
        let ended = |end| Ended {
            run: plan.run,
            end,
            other_deadlines: 0,
        };
        let rejection = plan.rejection(self.options);
        self.overseer.show(plan, rejection.as_ref());
        if let Some(rejection) = rejection {
            // A plan that was right when it was made stays one: `--skip-invalid` may send it, or another limit.
            if plan.planned_at.is_none() {
                self.reject(plan, &rejection)?;
            }
            return Ok(ended(End::Rejected));
        }
        self.set_first_state(plan, RunState::Planned)?;
        if self.options.dry_run {
            return Ok(ended(End::DryRun));
        }
        if plan.to_send() == 0 {
            self.ledger.set_state(plan.run, RunState::Done)?;
            return Ok(ended(End::Sent));
        }
        match self.overseer.approve(plan) {
            Consent::Given => {}
            Consent::Refused => {
                self.set_first_state(plan, RunState::Declined)?;
                return Ok(ended(End::Declined));
            }
            Consent::Interrupted => {
                self.set_first_state(plan, RunState::Declined)?;
                return Ok(ended(End::Stopped(Stop::Interrupted)));
            }
        }
        self.ledger.set_state(plan.run, RunState::Confirmed)?;
        self.send(plan, failed)
    }

    fn send(&self, plan: &Plan, failed: bool) -> Result<Ended, Error> {
        let run = self.ledger.run(plan.run)?;
        let clerk = self.ledger.send(
            plan.run,
            &Take {
                states: states(failed).to_vec(),
                first: plan.first,
            },
        )?;
        self.ledger.set_state(plan.run, RunState::Sending)?;
        let sender = Sender {
            run: plan.run,
            places: run
                .targets
                .iter()
                .map(|target| self.client.invitations_to(&target.assessment))
                .collect(),
            client: self.client.clone(),
            targets: run.targets,
            files: self.ledger.files(plan.run)?,
            concurrency: self.options.concurrency,
            clock: self.options.clock.clone(),
            report_all: self.options.report_all,
        };
        let total = plan.to_send();
        self.overseer.progress(Event::Started { total });
        let (events, mut incoming) = unbounded_channel();
        let interrupt = self.runtime.interrupt().clone();
        // Sent on the thread that drives the connections: an answer wakes no other thread.
        let sending = self
            .runtime
            .spawn(sender.send(clerk, total, interrupt, events));
        while let Some(event) = self.runtime.wait(incoming.recv()) {
            self.overseer.progress(event);
        }
        let sent = self.runtime.wait(sending);
        let (clerk, sent) = sent.unwrap_or_else(|gone| resume_unwind(gone.into_panic()));
        let recorded = clerk.finish();
        self.overseer.progress(Event::Ended);
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
            end: sent.stop.map_or(End::Sent, End::Stopped),
            other_deadlines: sent.other_deadlines,
        })
    }

    fn review<'a>(&'a self, run: RunId, states: &'a [RowState], remarks: Remarks) -> Review<'a> {
        Review {
            ledger: self.ledger,
            run,
            states,
            options: self.options,
            remarks,
        }
    }

    /// A run of which something was sent keeps its state, whatever becomes of a later attempt to send the rest.
    fn set_first_state(&self, plan: &Plan, state: RunState) -> Result<(), Error> {
        if !plan.is_begun {
            self.ledger.set_state(plan.run, state)?;
        }
        Ok(())
    }

    fn reject(&self, plan: &Plan, rejection: &Rejection) -> Result<(), Error> {
        if !plan.is_begun {
            self.ledger.reject(plan.run, &rejection.to_string())?;
        }
        Ok(())
    }
}

fn states(failed: bool) -> &'static [RowState] {
    if failed {
        &[RowState::Planned, RowState::Sending, RowState::Failed]
    } else {
        &OPEN
    }
}
