//! The clerk of a run that is being sent: a thread that hands out the rows to send and records the answers, in groups.
//!
//! A row is marked as being sent before it is handed out, so that after a kill the ledger tells which may have been sent.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::{mem, vec};

use tokio::sync::{Notify, mpsc as queue};

use super::send_worker::{PAGES, SendWorker};
use super::{Error, FileLocation, Ledger, RowState, RunId};

/// Answers that may wait to be recorded, at most: so many are asked for again after a kill, and those in flight.
const MAX_UNRECORDED: usize = 256;
/// Answers that are recorded at once. Fewer than may wait, so that sending goes on meanwhile.
const BATCH: usize = MAX_UNRECORDED / 2;

/// A row to send.
#[derive(Clone, Debug)]
pub struct PendingRow {
    /// Its number.
    pub number: u32,
    /// Number of its target.
    pub target: u32,
    /// Number of the file it came from, and its line there.
    pub location: Option<FileLocation>,
    /// The candidate's address.
    pub email: String,
    /// The candidate's name.
    pub name: String,
    /// The deadline, with its zone.
    pub due_date: Option<String>,
    /// Whether the service is to send an email, where the script says so.
    pub send_email: Option<bool>,
}

/// What became of a row that was sent.
#[derive(Clone, Debug)]
pub struct RowResult {
    /// The row.
    pub number: u32,
    /// `Created`, `Existing` or `Failed`; `Sending` where nobody knows.
    pub state: RowState,
    /// Requests that were made for it this time.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// The candidate's link.
    pub invite_url: Option<String>,
    /// The id of the session.
    pub session: Option<String>,
    /// The deadline that holds now, with its zone.
    pub due_date: Option<String>,
    /// Why it failed, or what the user should know.
    pub note: Option<String>,
    /// When the answer came, in milliseconds since 1970.
    pub at: i64,
}

/// Which rows of a run to hand out.
#[derive(Clone, Debug)]
pub struct RowSelection {
    /// Those in one of these states.
    pub states: Vec<RowState>,
    /// At most so many.
    pub first: Option<u64>,
}

/// What the clerk is told about a row that it handed out.
#[derive(Debug)]
pub(super) enum Message {
    RowResult(RowResult),
    /// It was not sent.
    Returned(u32),
}

/// What the thread was told and has not recorded.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    messages: AtomicUsize,
    /// Nothing is recorded any more.
    is_closed: AtomicBool,
    changed: Notify,
}

impl Backlog {
    fn is_full(&self) -> bool {
        self.messages.load(Ordering::Acquire) >= MAX_UNRECORDED && !self.is_closed()
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Takes off words that were recorded.
    pub(super) fn mark_recorded(&self, messages: usize) {
        self.messages.fetch_sub(messages, Ordering::Release);
        self.changed.notify_one();
    }

    /// Tells whoever waits that nothing is recorded any more.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.changed.notify_one();
    }
}

/// A run that is being sent.
///
/// Rows and answers pass between the threads in groups: a thread that is woken for each of them would spend its time on
/// that.
#[derive(Debug)]
pub struct SendQueue {
    pages: queue::Receiver<Vec<PendingRow>>,
    page: vec::IntoIter<PendingRow>,
    batch: Vec<Message>,
    messages: mpsc::Sender<Vec<Message>>,
    backlog: Arc<Backlog>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Ledger {
    /// Begins to send the rows of `run` that `selection` names. Who calls this holds the run.
    ///
    /// # Errors
    /// The ledger cannot be opened.
    pub fn send(&self, run: RunId, selection: &RowSelection) -> Result<SendQueue, Error> {
        let (page_sender, pages) = queue::channel(PAGES);
        let (messages, incoming) = mpsc::channel();
        let backlog = Arc::<Backlog>::default();
        let send_worker =
            SendWorker::open(self, run, selection, page_sender, Arc::clone(&backlog))?;
        let path = self.path().to_owned();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || send_worker.work(&incoming))
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
    /// Returns the next row to send, as soon as few enough answers wait to be recorded; none where there are no more rows,
    /// or the ledger failed.
    pub async fn next(&mut self) -> Option<PendingRow> {
        while self.backlog.is_full() {
            self.flush();
            // A change that comes before this is remembered.
            self.backlog.changed.notified().await;
        }
        loop {
            if self.backlog.is_closed() {
                // Answers would be lost.
                return None;
            }
            if let Some(row) = self.page.next() {
                return Some(row);
            }
            if self.pages.is_empty() {
                // The next page comes when the answers do.
                self.flush();
            }
            self.page = self.pages.recv().await?.into_iter();
        }
    }

    /// Takes an answer to be recorded with others, at [`SendQueue::flush`] or before.
    pub fn record(&mut self, row_result: RowResult) {
        self.enqueue(Message::RowResult(row_result));
    }

    /// Takes back a row that was not sent: it gets its former state again, and makes room for others.
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

    /// Has the answers recorded that were taken.
    pub fn flush(&mut self) {
        if !self.batch.is_empty() {
            let batch = mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
            // A ledger that failed says so at the end.
            let _ = self.messages.send(batch);
        }
    }

    /// Records what is left to record, and puts rows that were not sent back.
    ///
    /// # Errors
    /// The ledger failed, now or before.
    pub fn finish(mut self) -> Result<(), Error> {
        self.flush();
        drop((self.pages, self.messages));
        self.thread
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic))
    }
}
