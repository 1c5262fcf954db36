//! Sending a run whose plan was agreed to, from the first row to the recorded end.

use super::dispatcher::Dispatcher;
use super::executor::{ExecutionResult, ExecutionStatus, PlanExecutor, Retry};
use super::frontend::Event;
use super::kinds::{InviteKind, Kind, RevokeKind, ScoreKind};
use super::plan::Plan;
use super::send_state::{SendSettings, SendSummary};
use super::{Error, request_loop};
use crate::change_kind::ChangeKind;
use crate::ledger::{Handout, RecordedIn, RowSelection, Run, RunState, SendQueue};

impl PlanExecutor<'_> {
    pub(super) fn send(&self, plan: &Plan, retry: Retry) -> Result<ExecutionResult, Error> {
        let run = self.ledger.run(plan.run)?;
        let selection = RowSelection {
            states: retry.states().to_vec(),
            first: plan.first,
            handout: match run.kind {
                ChangeKind::Invite => Handout::Ahead,
                ChangeKind::Revoke | ChangeKind::Score => Handout::OnDemand,
            },
        };
        let timeout = self.client.config().limits.timeout;
        let send_queue = self.ledger.send(plan.run, &selection, timeout)?;
        self.ledger.set_state(plan.run, RunState::Sending)?;
        let (send_queue, summary) = match run.kind {
            ChangeKind::Invite => {
                let endpoints = run.targets.iter();
                let kind = InviteKind {
                    client: self.client.clone(),
                    endpoints: endpoints
                        .map(|target| self.client.invite_endpoint(&target.assessment))
                        .collect(),
                    deadlines: plan.deadlines.clone(),
                    planned_at: plan.now,
                    announced: plan.announced.clone(),
                    clock: self.options.clock.clone(),
                    zone: self.options.zone.clone(),
                    again: self.options.again,
                };
                self.dispatch(kind, run, plan, send_queue)?
            }
            ChangeKind::Revoke => {
                let kind = RevokeKind {
                    client: self.client.clone(),
                    targets: run.targets.clone(),
                };
                self.dispatch(kind, run, plan, send_queue)?
            }
            ChangeKind::Score => {
                let kind = ScoreKind {
                    client: self.client.clone(),
                    again: self.options.again,
                };
                self.dispatch(kind, run, plan, send_queue)?
            }
        };
        let recorded = send_queue.finish();
        self.frontend.progress(Event::Ended);
        let unrecorded = |source| Error::Unrecorded {
            run: plan.run,
            source,
        };
        let recorded_in = recorded.map_err(unrecorded)?;
        let run = self.ledger.run(plan.run)?;
        let state = if run.unsent() == 0 {
            RunState::Done
        } else {
            RunState::Stopped
        };
        self.ledger.set_state(plan.run, state)?;
        let was_displaced = recorded_in == RecordedIn::DisplacedFile;
        self.ledger
            .check_after_sending(was_displaced)
            .map_err(|source| match state {
                RunState::Done => Error::Ledger(source),
                _ => unrecorded(source),
            })?;
        Ok(ExecutionResult {
            run: plan.run,
            status: summary
                .stop
                .map_or(ExecutionStatus::Sent, ExecutionStatus::Stopped),
            differences: summary.differences,
            without_link: summary.without_link,
            listed_again: false,
        })
    }

    fn dispatch<K: Kind>(
        &self,
        kind: K,
        run: Run,
        plan: &Plan,
        send_queue: SendQueue,
    ) -> Result<(SendQueue, SendSummary), Error> {
        let dispatcher = Dispatcher {
            kind,
            settings: SendSettings {
                run: run.id,
                client: self.client.clone(),
                targets: run.targets,
                files: self.ledger.files(run.id)?,
                report_all: self.options.report_all,
            },
        };
        let total = plan.to_send();
        self.frontend.progress(Event::Started { total });
        let interrupt = self.runtime.interrupt.clone();
        Ok(request_loop::run(self.runtime, self.frontend, |events| {
            dispatcher.send(send_queue, interrupt, events)
        }))
    }
}
