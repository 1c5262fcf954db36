//! The queue of a run that is being sent. A worker thread reads the rows to send and records their results, in batches.
//!
//! A row is marked as being sent before it is handed out, so that after a crash the ledger shows which rows may have been
//! sent.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::{mem, vec};

use rusqlite::{Connection, params};
use tokio::sync::{Notify, mpsc as queue};

use super::file_identity::FileIdentity;
use super::row::{PendingRow, RowResult, RowState, location};
use super::run::RunId;
use super::state_counts::StateCounts;
use super::{Error, Ledger};

/// Rows per page. A row counts as sent as soon as it is in a page, so pages are small.
const PAGE: usize = 64;
/// How many pages may wait to be sent.
const MAX_PAGES: usize = 3;
/// How many results may wait to be recorded. After a crash, `send` repeats the requests of these and of those in flight.
const MAX_UNRECORDED: usize = 256;
/// How many results are recorded together. Half of those that may wait, so that sending continues while they are written.
const BATCH: usize = MAX_UNRECORDED / 2;

/// Which rows of a run to send.
#[derive(Clone, Debug)]
pub struct RowSelection {
    pub states: Vec<RowState>,
    /// Stop after this many rows.
    pub first: Option<u64>,
}

/// The sender's end of the queue.
///
/// Rows and results pass between the threads in batches: to wake a thread for each of them would take more time than the
/// work itself.
#[derive(Debug)]
pub struct SendQueue {
    pages: queue::Receiver<Vec<PendingRow>>,
    page: vec::IntoIter<PendingRow>,
    batch: Vec<Message>,
    messages: mpsc::Sender<Vec<Message>>,
    backlog: Arc<Backlog>,
    thread: JoinHandle<Result<RecordedIn, Error>>,
}

/// The file that the results were recorded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedIn {
    /// In the file at the path of the ledger.
    Ledger,
    /// In the same file, but it was not at its path for a while. No more rows were handed out then.
    DisplacedFile,
}

/// What happened to a row that was handed out.
#[derive(Debug)]
enum Message {
    Result(RowResult),
    /// The row with this number was not sent.
    Returned(u32),
}

/// Counts the messages that the worker has not recorded yet.
#[derive(Debug, Default)]
struct Backlog {
    messages: AtomicUsize,
    /// No more rows are to be sent: the worker has ended, or the ledger is not at its path any more.
    is_closed: AtomicBool,
    changed: Notify,
}

/// The worker thread's end of the queue.
struct SendWorker {
    path: PathBuf,
    identity: FileIdentity,
    connection: Connection,
    run: RunId,
    /// How many more rows to hand out.
    remaining: u64,
    /// The states of rows to hand out, as [`RowState::bits`].
    states: u32,
    /// The number of the last row that was read; `None` after the last page.
    after: Option<u32>,
    /// Rows that were handed out and have no result: their target and former state.
    in_flight: BTreeMap<u32, (u32, RowState)>,
    changes: StateCounts,
    /// `None` after the last page.
    page_sender: Option<queue::Sender<Vec<PendingRow>>>,
    backlog: Arc<Backlog>,
    recorded_in: RecordedIn,
}

impl Ledger {
    /// Starts to send the rows of `run` that `selection` names. The caller has locked the run.
    pub fn send(&self, run: RunId, selection: &RowSelection) -> Result<SendQueue, Error> {
        let (page_sender, pages) = queue::channel(MAX_PAGES);
        let (messages, incoming) = mpsc::channel();
        let backlog = Arc::<Backlog>::default();
        let worker = SendWorker {
            path: self.path().to_owned(),
            identity: self.identity,
            connection: self.connect()?,
            run,
            remaining: selection.first.unwrap_or(u64::MAX),
            states: RowState::bits(&selection.states),
            after: Some(0),
            in_flight: BTreeMap::new(),
            changes: StateCounts::default(),
            page_sender: Some(page_sender),
            backlog: Arc::clone(&backlog),
            recorded_in: RecordedIn::Ledger,
        };
        let path = self.path().to_owned();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || worker.run(&incoming))
            .map_err(|source| Error::File { path, source })?;
        Ok(SendQueue {
            pages,
            page: Vec::new().into_iter(),
            batch: Vec::with_capacity(BATCH),
            messages,
            backlog,
            thread,
        })
    }
}

impl SendQueue {
    /// Returns the next row to send, once there is room in the backlog. `None` after the last row, or if the ledger failed.
    pub async fn next(&mut self) -> Option<PendingRow> {
        while self.backlog.is_full() {
            self.flush();
            // `Notify` remembers a change that came before this.
            self.backlog.changed.notified().await;
        }
        loop {
            if self.backlog.is_closed() {
                // Results would be lost.
                return None;
            }
            if let Some(row) = self.page.next() {
                return Some(row);
            }
            if self.pages.is_empty() {
                // The worker reads the next page when it gets a batch.
                self.flush();
            }
            self.page = self.pages.recv().await?.into_iter();
        }
    }

    /// Queues a result to be recorded with others. [`SendQueue::flush`] records it now.
    pub fn record(&mut self, result: RowResult) {
        self.enqueue(Message::Result(result));
    }

    /// Returns a row that was not sent: it gets its former state back.
    pub fn put_back(&mut self, number: u32) {
        self.enqueue(Message::Returned(number));
    }

    fn enqueue(&mut self, message: Message) {
        self.backlog.messages.fetch_add(1, Ordering::Relaxed);
        self.batch.push(message);
        if self.batch.len() == BATCH {
            self.flush();
        }
    }

    pub fn flush(&mut self) {
        if !self.batch.is_empty() {
            let batch = mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
            // This fails if the worker has ended; `finish` returns its error.
            let _ = self.messages.send(batch);
        }
    }

    /// Records the remaining results, and gives rows that were not sent their former state back.
    ///
    /// # Errors
    /// The ledger failed, now or earlier.
    pub fn finish(mut self) -> Result<RecordedIn, Error> {
        self.flush();
        drop((self.pages, self.messages));
        self.thread
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl Backlog {
    fn is_full(&self) -> bool {
        self.messages.load(Ordering::Acquire) >= MAX_UNRECORDED && !self.is_closed()
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.changed.notify_one();
    }

    fn mark_recorded(&self, messages: usize) {
        self.messages.fetch_sub(messages, Ordering::Release);
        self.changed.notify_one();
    }
}

impl Drop for SendWorker {
    fn drop(&mut self) {
        self.backlog.close();
    }
}

impl SendWorker {
    fn run(mut self, messages: &mpsc::Receiver<Vec<Message>>) -> Result<RecordedIn, Error> {
        self.serve(messages)
            .map_err(|source| Error::database(&self.path, source))?;
        Ok(self.recorded_in)
    }

    fn serve(&mut self, messages: &mpsc::Receiver<Vec<Message>>) -> rusqlite::Result<()> {
        self.process_batch(&[])?;
        for batch in messages {
            self.process_batch(&batch)?;
            self.backlog.mark_recorded(batch.len());
        }
        self.put_all_back()
    }

    /// Records a batch and hands out as many pages as there is room for, all in one transaction.
    fn process_batch(&mut self, batch: &[Message]) -> rusqlite::Result<()> {
        self.notice_displacement();
        self.begin()?;
        for message in batch {
            match message {
                Message::Result(result) => self.record(result)?,
                Message::Returned(number) => {
                    if let Some((target, state)) = self.in_flight.remove(number) {
                        self.put_back(*number, target, state)?;
                    }
                }
            }
        }
        let room = self.page_sender.as_ref().map_or(0, queue::Sender::capacity);
        let mut pages = Vec::with_capacity(room);
        while let (Some(after), true) = (self.after, pages.len() < room) {
            pages.push(self.next_page(after)?);
        }
        self.commit()?;
        for page in pages.into_iter().filter(|page| !page.is_empty()) {
            if let Some(page_sender) = &self.page_sender {
                // This fails if the queue takes no more rows. `put_all_back` returns these at the end.
                let _ = page_sender.try_send(page);
            }
        }
        if self.after.is_none() {
            self.page_sender = None;
        }
        Ok(())
    }

    /// Hands out no more rows if the file is not at its path. The results of those in flight are still recorded in it.
    fn notice_displacement(&mut self) {
        if self.identity.is_displaced(&self.path) {
            self.recorded_in = RecordedIn::DisplacedFile;
            self.after = None;
            self.backlog.close();
        }
    }

    fn record(&mut self, result: &RowResult) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE invites SET state = ?2, attempts = attempts + ?3, status = ?4, invite_url = ?5, session = ?6,
                                    note = ?7, answered_at = ?8, due_date = ?9
                 WHERE id = ?1",
            )?
            .execute(params![
                self.run.row(result.number),
                result.state,
                result.attempts,
                result.status,
                result.invite_url,
                result.session,
                result.note,
                result.at,
                result.due_date,
            ])?;
        if let Some((target, _)) = self.in_flight.remove(&result.number) {
            self.changes
                .change_state(target, RowState::Sending, result.state);
        }
        Ok(())
    }

    /// Reads the page after the row `after` and marks its rows as being sent. The page is empty if there are no more rows.
    fn next_page(&mut self, after: u32) -> rusqlite::Result<Vec<PendingRow>> {
        let limit = usize::try_from(self.remaining).map_or(PAGE, |remaining| remaining.min(PAGE));
        let page = self.read(after, limit)?;
        let Some(last) = page.last().map(|(row, _)| row.number) else {
            self.after = None;
            return Ok(Vec::new());
        };
        self.remaining -= page.len() as u64;
        self.after = (page.len() == PAGE && self.remaining > 0).then_some(last);
        self.connection
            .prepare_cached(
                "UPDATE invites SET state = ?4 WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3",
            )?
            .execute(params![
                self.run.row(after),
                self.run.row(last),
                self.states,
                RowState::Sending
            ])?;
        for (row, state) in &page {
            self.changes
                .change_state(row.target, *state, RowState::Sending);
            self.in_flight.insert(row.number, (row.target, *state));
        }
        Ok(page.into_iter().map(|(row, _)| row).collect())
    }

    fn read(&self, after: u32, limit: usize) -> rusqlite::Result<Vec<(PendingRow, RowState)>> {
        let (after, end) = (self.run.row(after), self.run.row(u32::MAX));
        self.connection
            .prepare_cached(
                "SELECT id, target, file, line, email, name, due_date, send_email, state FROM invites
                 WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3 ORDER BY id LIMIT ?4",
            )?
            .query_map((after, end, self.states, limit), |row| {
                let pending = PendingRow {
                    number: self.run.number_of(row.get(0)?).unwrap_or(0),
                    target: row.get(1)?,
                    location: location(row, 2)?,
                    email: row.get(4)?,
                    name: row.get(5)?,
                    due_date: row.get(6)?,
                    send_email: row.get(7)?,
                };
                Ok((pending, row.get(8)?))
            })?
            .collect()
    }

    fn put_all_back(&mut self) -> rusqlite::Result<()> {
        self.begin()?;
        for (number, (target, state)) in mem::take(&mut self.in_flight) {
            self.put_back(number, target, state)?;
        }
        self.commit()
    }

    fn put_back(&mut self, number: u32, target: u32, state: RowState) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("UPDATE invites SET state = ?2 WHERE id = ?1")?
            .execute(params![self.run.row(number), state])?;
        self.changes.change_state(target, RowState::Sending, state);
        Ok(())
    }

    fn begin(&mut self) -> rusqlite::Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE")
    }

    fn commit(&mut self) -> rusqlite::Result<()> {
        self.changes.flush(&self.connection, self.run)?;
        self.connection.execute_batch("COMMIT")
    }
}
