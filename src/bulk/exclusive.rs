//! Keeping other processes from inviting the same candidates: after the user has agreed and before the first request, the
//! assessments are locked, and their sessions are listed again if they may have changed since the plan was shown.

use std::io;
use std::path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::assessment_lock::{HeldLocks, LockAttempt};
use super::executor::{ExecutionResult, PlanExecutor, Retry};
use super::existing_sessions::{ListingTime, list_sessions};
use super::frontend::Event;
use super::lock_record::LockHolder;
use super::plan::Plan;
use super::send_result::SendResult;
use super::unclear_ends::{UnclearRows, Unsettled};
use super::warnings::Warnings;
use super::{Error, Shard};
use crate::change_kind::ChangeKind;
use crate::ledger::{self, Ledger, RowIter, RowState, Run, RunId, RunLock};
use crate::runtime::Runtime;

/// How often to check whether a lock is free.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Locks a run, and waits up to `limit` for another process that works on it. `announce` gets the error that names that process.
/// Returns `None` if the user interrupts the wait.
pub fn lock_run(
    ledger: &Ledger,
    run: RunId,
    limit: Duration,
    runtime: &Runtime,
    announce: impl FnOnce(&ledger::Error),
) -> Result<Option<RunLock>, ledger::Error> {
    let start = Instant::now();
    let mut announce = Some(announce);
    loop {
        let error = match ledger.lock_run(run) {
            Err(error @ ledger::Error::RunLocked { .. }) if start.elapsed() < limit => error,
            result => return result.map(Some),
        };
        if let Some(announce) = announce.take() {
            announce(&error);
        }
        let pause = async { sleep(POLL_INTERVAL).await };
        if runtime.wait_unless_interrupted(pause).is_none() {
            return Ok(None);
        }
    }
}

impl PlanExecutor<'_> {
    /// Sends `plan` while no other process invites to its assessments. Returns `None` if the user interrupts it before that.
    pub(super) fn send_exclusively(
        &self,
        plan: &Plan,
        retry: Retry,
    ) -> Result<Option<ExecutionResult>, Error> {
        let sent = self.lock_and_send(plan, retry);
        if let Err(Error::Sessions(_) | Error::InUse { .. } | Error::LockFile { .. }) = sent {
            self.frontend.progress(Event::Deferred {
                run: plan.run,
                rejection: None,
            });
        }
        sent
    }

    fn lock_and_send(&self, plan: &Plan, retry: Retry) -> Result<Option<ExecutionResult>, Error> {
        let Some(mut locks) = self.lock_assessments(plan)? else {
            return Ok(None);
        };
        let Some(has_waited) = self.await_earlier_holders(&mut locks)? else {
            return Ok(None);
        };
        let listed_again = has_waited || locks.requires_listing(plan.listed_at);
        let next = if listed_again {
            self.list_again(plan, retry.states())?
        } else {
            Some(plan.clone())
        };
        let Some(plan) = next else {
            return Ok(None);
        };
        self.options.changed.add(plan.kind, plan.to_send());
        self.ledger.confirm(plan.run, self.options.decisions())?;
        let result = self.send(&plan, retry)?;
        Ok(Some(ExecutionResult {
            listed_again,
            ..result
        }))
    }

    /// Locks the assessments of a plan that was agreed to. Returns `None` if the user interrupts it.
    fn lock_assessments(&self, plan: &Plan) -> Result<Option<HeldLocks>, Error> {
        let run = self.ledger.run(plan.run)?;
        let shard = run.spec.shard.as_ref();
        let shard: Option<Shard> = shard.and_then(|shard| shard.parse().ok());
        let holder = LockHolder::new(self.ledger, &run);
        let start = Instant::now();
        let limit = self.options.wait_lock;
        let mut announced = None;
        loop {
            let attempt = self.locks.try_acquire(&run.targets, shard, &holder);
            let (label, other) = match attempt.map_err(|source| self.lock_file_error(source))? {
                LockAttempt::Acquired(locks) => return Ok(Some(locks)),
                LockAttempt::HeldByOther { label, holder } => (label, holder),
            };
            let left = limit.saturating_sub(start.elapsed());
            let described = || {
                let described = other.as_ref().map(|it| it.describe(&self.options.zone));
                described.unwrap_or_else(|| "another process".to_owned())
            };
            if left.is_zero() {
                return Err(Error::InUse {
                    label,
                    holder: described(),
                    waited: limit,
                });
            }
            if announced.as_ref() != Some(&other) {
                self.frontend.progress(Event::WaitingForLock {
                    label,
                    holder: described(),
                });
                announced = Some(other);
            }
            // Timers belong to the runtime, so this one is created inside.
            let pause = async { sleep(left.min(POLL_INTERVAL)).await };
            if self.runtime.wait_unless_interrupted(pause).is_none() {
                return Ok(None);
            }
        }
    }

    /// Waits until the API has carried out what it may still be carrying out for earlier holders of the locks, for example because
    /// they were killed. Returns whether it waited; `None` if the user interrupts it.
    fn await_earlier_holders(&self, locks: &mut HeldLocks) -> Result<Option<bool>, Error> {
        let unsettled: Vec<Unsettled> = locks
            .unsettled()
            .iter()
            .filter_map(|holder| self.unsettled_rows(holder))
            .collect();
        if let Some(last) = unsettled.iter().max_by_key(|each| each.wait) {
            let Unsettled { kind, wait, .. } = *last;
            let rows = unsettled.iter().map(|each| each.rows).sum();
            self.frontend
                .progress(Event::Unsettled { kind, rows, wait });
            let waited = self
                .runtime
                .wait_unless_interrupted(async { sleep(wait).await });
            if waited.is_none() {
                return Ok(None);
            }
        }
        if !locks.unsettled().is_empty() {
            let marked = locks.mark_settled();
            marked.map_err(|source| self.lock_file_error(source))?;
        }
        Ok(Some(!unsettled.is_empty()))
    }

    /// Returns how many rows of an earlier holder the API may still be carrying out, and for how long. `None` if there are none, or
    /// if its ledger cannot be read any more.
    fn unsettled_rows(&self, holder: &LockHolder) -> Option<Unsettled> {
        let own = path::absolute(&self.ledger.path).ok();
        let other;
        let ledger: &Ledger = if own.as_ref() == Some(&holder.ledger) {
            self.ledger
        } else {
            other = Ledger::open_existing(&holder.ledger).ok()??;
            &other
        };
        let unclear = UnclearRows {
            ledger,
            run: holder.run,
            states: RowState::ALL,
        };
        unclear.unsettled(self.client).ok()?
    }

    fn lock_file_error(&self, source: io::Error) -> Error {
        Error::LockFile {
            directory: self.locks.directory.clone(),
            source,
        }
    }

    /// Lists the sessions again and applies them to a plan that was agreed to. The new plan has the same invitations or fewer.
    /// Returns `None` if the user interrupts it.
    fn list_again(&self, plan: &Plan, states: &[RowState]) -> Result<Option<Plan>, Error> {
        let run = self.ledger.run(plan.run)?;
        let rows = || RowIter::of(self.ledger, plan.run, states);
        let last_agreed = match plan.first.and_then(|first| first.checked_sub(1)) {
            Some(others) => {
                let others = usize::try_from(others).unwrap_or(usize::MAX);
                rows()?.nth(others).transpose()?.map(|row| row.number)
            }
            None => None,
        };
        let compared = match run.kind {
            ChangeKind::Invite => self.wait(self.apply_sessions(plan, &run, states)),
            _ => self.wait(self.compare_sessions(&run, states, Warnings::default())),
        };
        let Some(compared) = compared.transpose()? else {
            return Ok(None);
        };
        // The row after a candidate who is left out now was not agreed to.
        let first = match last_agreed {
            Some(last) => {
                let mut agreed = 0;
                for row in rows()? {
                    if row?.number > last {
                        break;
                    }
                    agreed += 1;
                }
                Some(agreed)
            }
            None => plan.first,
        };
        let next = Plan { first, ..compared };
        self.report_kept(&next.warnings);
        let (skipped, existing) = (
            plan.to_send().saturating_sub(next.to_send()),
            next.existing(),
        );
        if skipped > 0 || existing != plan.existing() {
            self.frontend.progress(Event::ListedAgain {
                kind: plan.kind,
                skipped,
                existing,
            });
        }
        Ok(Some(next))
    }

    /// Reports the first rows that are kept although the plan that was agreed to has them.
    fn report_kept(&self, warnings: &Warnings) {
        for (reason, sample) in warnings.settled.get(&RowState::Kept).into_iter().flatten() {
            for (origin, candidate) in &sample.first {
                self.frontend.progress(Event::RowResult {
                    origin: origin.clone(),
                    candidate: candidate.clone(),
                    result: SendResult::Kept(None),
                    note: Some(reason.clone()),
                });
            }
        }
    }

    /// Lists the existing sessions of a plan of invitations again, and applies them to it.
    async fn apply_sessions(
        &self,
        plan: &Plan,
        run: &Run,
        states: &[RowState],
    ) -> Result<Plan, Error> {
        let sessions = list_sessions(self.client, &run.targets).await?;
        let announced = plan.differences()?;
        let mut recheck = self.recheck(plan.run, states, Warnings::default());
        let mut plan_writer = self.ledger.plan_writer(plan.run)?;
        plan_writer.forget_sessions(states)?;
        let active = recheck.apply_existing_sessions(
            plan_writer,
            &plan.files,
            sessions.iter().map(Some),
            &plan.deadlines,
        )?;
        Ok(Plan {
            announced: Some(Arc::new(announced)),
            listed_at: ListingTime::of_all(&sessions),
            ..Plan::read(
                self.ledger,
                plan.run,
                states,
                &active,
                plan.deadlines.clone(),
                recheck.warnings,
                self.options.now(),
            )?
        })
    }
}

impl HeldLocks {
    /// Returns whether sessions that were listed at `time` may have changed.
    pub(super) fn requires_listing(&self, time: Option<ListingTime>) -> bool {
        time.is_none_or(|time| time.is_outdated() || self.used_since(time.start))
    }
}
