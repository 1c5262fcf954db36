//! Building a plan: the script's thread evaluates rows, a second thread checks them, and a third one compares and stores them.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;

use super::Error;
use super::input_row::{CheckedDecision, InputRow};
use super::interpretations::Interpretations;
use super::invitation::RowDecision;
use super::never_invite::NeverInviteCheck;
use super::row_source::RowSource;
use super::shard::Shard;
use super::validator::{RowValidator, ValidatedPlan};
use crate::interpretation::Interpretation;
use crate::ledger::{self, Ledger, RunId};

/// How many rows are sent to the next thread together.
const BATCH: usize = 256;
/// How many batches may wait for each thread. This limits the memory that a plan takes, however many rows it has.
const MAX_QUEUED_BATCHES: usize = 4;
/// How long the last thread keeps the ledger locked while it waits for rows.
const IDLE_COMMIT_DELAY: Duration = Duration::from_millis(50);

/// Builds a plan row by row.
pub struct Planner {
    run: RunId,
    batch: Vec<InputRow<RowDecision>>,
    /// Dropping this ends the other threads.
    rows: Option<SyncSender<Vec<InputRow<RowDecision>>>>,
    /// The last thread, which waits for the one that checks.
    thread: Option<JoinHandle<Result<ValidatedPlan, ledger::Error>>>,
}

impl Planner {
    /// Starts to add rows to `run`, which the caller has locked. Deadlines are compared to `now`, only the rows of `shard` are
    /// kept, and those whose address is in `never_invite` are skipped.
    pub fn start(
        ledger: &Ledger,
        run: RunId,
        now: Timestamp,
        shard: Option<Shard>,
        never_invite: Option<NeverInviteCheck>,
    ) -> Result<Self, Error> {
        let (rows, incoming) = sync_channel(MAX_QUEUED_BATCHES);
        let validator = RowValidator::resume(ledger, run, shard, never_invite)?;
        let path = ledger.path.clone();
        let unusable = move |source| ledger::Error::File { path, source };
        let to_check = unusable.clone();
        let thread = thread::Builder::new()
            .name("plan".to_owned())
            .spawn(move || check_and_store(validator, now, incoming).map_err(to_check)?)
            .map_err(unusable)?;
        Ok(Self {
            run,
            batch: Vec::with_capacity(BATCH),
            rows: Some(rows),
            thread: Some(thread),
        })
    }

    /// Adds a row: its file and line, the value that the script got, the script's decision, and how values were read for it.
    pub fn add(
        &mut self,
        location: Option<(Arc<Path>, u64)>,
        source: Option<RowSource>,
        decision: RowDecision,
        interpretations: Vec<Interpretation>,
    ) -> Result<(), Error> {
        self.batch.push(InputRow {
            location,
            source,
            decision,
            interpretations,
        });
        if self.batch.len() < BATCH || self.send_batch() {
            return Ok(());
        }
        self.join().map(drop)
    }

    /// Ends the plan, and adds to its warnings `notes` and how values were read before the plan.
    pub fn finish(
        mut self,
        notes: Vec<String>,
        earlier: Interpretations,
    ) -> Result<ValidatedPlan, Error> {
        self.send_batch();
        let run = self.run;
        let mut validated = self.join()?.ok_or(ledger::Error::NoRun { run })?;
        validated.warnings.notes = notes;
        validated.warnings.interpretations.append(earlier);
        Ok(validated)
    }

    /// Sends the batch to the next thread. Returns false if that has ended.
    fn send_batch(&mut self) -> bool {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.rows
            .as_ref()
            .is_some_and(|rows| rows.send(batch).is_ok())
    }

    fn join(&mut self) -> Result<Option<ValidatedPlan>, Error> {
        self.rows = None;
        let Some(thread) = self.thread.take() else {
            return Ok(None);
        };
        match thread.join() {
            Ok(validated) => Ok(validated.map(Some)?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

impl Drop for Planner {
    /// Waits for the other threads, so that nothing is written to an abandoned plan.
    fn drop(&mut self) {
        self.rows = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Returns an error if the thread that checks cannot start.
fn check_and_store(
    validator: RowValidator,
    now: Timestamp,
    rows: Receiver<Vec<InputRow<RowDecision>>>,
) -> io::Result<Result<ValidatedPlan, ledger::Error>> {
    let (checked, incoming) = sync_channel(MAX_QUEUED_BATCHES);
    // If storing fails, `incoming` is dropped with the closure, and the other thread ends.
    thread::scope(move |scope| {
        let check_all = move || {
            for batch in rows {
                let check = |row: InputRow<RowDecision>| row.check(now);
                if checked
                    .send(batch.into_iter().map(check).collect())
                    .is_err()
                {
                    break;
                }
            }
        };
        thread::Builder::new()
            .name("check".to_owned())
            .spawn_scoped(scope, check_all)?;
        Ok(store_all(validator, &incoming))
    })
}

fn store_all(
    mut validator: RowValidator,
    rows: &Receiver<Vec<InputRow<CheckedDecision>>>,
) -> Result<ValidatedPlan, ledger::Error> {
    loop {
        match rows.recv_timeout(IDLE_COMMIT_DELAY) {
            Ok(batch) => {
                for input_row in batch {
                    validator.validate(input_row)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => validator.pause()?,
            Err(RecvTimeoutError::Disconnected) => return validator.finish(),
        }
    }
}
