//! Building a plan: the script's thread evaluates rows, another one judges and stores them.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;

use super::validator::{InputRow, RowValidator, SourceJson, ValidatedPlan};
use super::{Error, RowDecision, Shard};
use crate::ledger::{self, Ledger, RunId};

/// Rows that go to the other thread at once.
const BATCH: usize = 256;
/// Batches that may wait there: the memory a plan takes does not grow with its rows.
const MAX_QUEUED_BATCHES: usize = 8;
/// How long the other thread keeps the ledger to itself while it waits for rows.
const IDLE_COMMIT_DELAY: Duration = Duration::from_millis(50);

/// A plan that is being built, row by row, as of one instant.
pub struct Planner {
    run: RunId,
    batch: Vec<InputRow>,
    /// Gone when the other thread is.
    rows: Option<SyncSender<Vec<InputRow>>>,
    thread: Option<JoinHandle<Result<ValidatedPlan, ledger::Error>>>,
}

/// A plan whose rows are all stored.
#[derive(Debug)]
pub struct Planned {
    pub(super) run: RunId,
    pub(super) validated: ValidatedPlan,
}

impl Planner {
    /// Begins to plan `run`, which the caller holds, behind the rows it has. Deadlines are judged as of `now`; the rows of
    /// `shard` are kept.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn start(
        ledger: &Ledger,
        run: RunId,
        now: Timestamp,
        shard: Option<Shard>,
    ) -> Result<Self, Error> {
        let (rows, incoming) = sync_channel(MAX_QUEUED_BATCHES);
        let validator = RowValidator::resume(ledger, run, now, shard)?;
        let thread = thread::Builder::new()
            .name("plan".to_owned())
            .spawn(move || work(validator, &incoming))
            .map_err(|source| ledger::Error::File {
                path: ledger.path().to_owned(),
                source,
            })?;
        Ok(Self {
            run,
            batch: Vec::with_capacity(BATCH),
            rows: Some(rows),
            thread: Some(thread),
        })
    }

    /// Takes the next row: where it came from, what the script was given for it, and what it made of it.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn add(
        &mut self,
        location: Option<(Arc<Path>, u64)>,
        source: Option<SourceJson>,
        decision: RowDecision,
    ) -> Result<(), Error> {
        self.batch.push(InputRow {
            location,
            source,
            decision,
        });
        if self.batch.len() < BATCH || self.send_batch() {
            return Ok(());
        }
        self.join().map(drop)
    }

    /// Ends the list.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn finish(mut self) -> Result<Planned, Error> {
        self.send_batch();
        let run = self.run;
        let validated = self.join()?.ok_or(ledger::Error::NoRun { run })?;
        Ok(Planned { run, validated })
    }

    /// Hands the batch to the other thread; `false` where that has ended.
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
    /// Whoever gives up a plan goes on when nothing of it is written any more.
    fn drop(&mut self) {
        self.rows = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(
    mut validator: RowValidator,
    rows: &Receiver<Vec<InputRow>>,
) -> Result<ValidatedPlan, ledger::Error> {
    loop {
        match rows.recv_timeout(IDLE_COMMIT_DELAY) {
            Ok(batch) => {
                for input_row in batch {
                    validator.take(input_row)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => validator.pause()?,
            Err(RecvTimeoutError::Disconnected) => return validator.finish(),
        }
    }
}
