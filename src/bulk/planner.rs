//! Building a plan: the script's thread evaluates rows, another one judges and stores them.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;

use super::judge::{Given, Judge, Judged, Source};
use super::{Draft, Error, Shard};
use crate::ledger::{self, Ledger, RunId};

/// Rows that go to the other thread at once.
const BATCH: usize = 256;
/// Batches that may wait there: the memory a plan takes does not grow with its rows.
const WAITING: usize = 8;
/// How long the other thread keeps the ledger to itself while it waits for rows.
const PATIENCE: Duration = Duration::from_millis(50);

/// A plan that is being built, row by row, as of one instant.
pub struct Planner {
    run: RunId,
    batch: Vec<Given>,
    /// Gone when the other thread is.
    rows: Option<SyncSender<Vec<Given>>>,
    thread: Option<JoinHandle<Result<Judged, ledger::Error>>>,
}

/// A plan whose rows are all stored.
#[derive(Debug)]
pub struct Planned {
    pub(super) run: RunId,
    pub(super) judged: Judged,
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
        let (rows, incoming) = sync_channel(WAITING);
        let judge = Judge::resume(ledger, run, now, shard)?;
        let thread = thread::Builder::new()
            .name("plan".to_owned())
            .spawn(move || work(judge, &incoming))
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
        place: Option<(Arc<Path>, u64)>,
        source: Option<Source>,
        draft: Draft,
    ) -> Result<(), Error> {
        self.batch.push(Given {
            place,
            source,
            draft,
        });
        if self.batch.len() < BATCH || self.pass_on() {
            return Ok(());
        }
        self.join().map(drop)
    }

    /// Ends the list.
    ///
    /// # Errors
    /// The ledger failed.
    pub fn finish(mut self) -> Result<Planned, Error> {
        self.pass_on();
        let run = self.run;
        let judged = self.join()?.ok_or(ledger::Error::NoRun { run })?;
        Ok(Planned { run, judged })
    }

    /// Hands the batch to the other thread; `false` where that has ended.
    fn pass_on(&mut self) -> bool {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.rows
            .as_ref()
            .is_some_and(|rows| rows.send(batch).is_ok())
    }

    fn join(&mut self) -> Result<Option<Judged>, Error> {
        self.rows = None;
        let Some(thread) = self.thread.take() else {
            return Ok(None);
        };
        match thread.join() {
            Ok(judged) => Ok(judged.map(Some)?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

fn work(mut judge: Judge, rows: &Receiver<Vec<Given>>) -> Result<Judged, ledger::Error> {
    loop {
        match rows.recv_timeout(PATIENCE) {
            Ok(batch) => {
                for given in batch {
                    judge.take(given)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => judge.pause()?,
            Err(RecvTimeoutError::Disconnected) => return judge.finish(),
        }
    }
}
