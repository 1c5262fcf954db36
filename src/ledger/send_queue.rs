//! The queue of a run that is being sent, as its sender sees it. A worker thread (`send_worker`) reads the rows to send and records
//! their results, in batches.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{mem, vec};

use tokio::sync::{mpsc as queue, oneshot};

use super::row::{PendingRow, RowResult};
use super::run::RunId;
use super::send_channel::{
    Backlog, Handout, MAX_UNRECORDED, Message, ParkedRow, RecordedIn, RowSelection,
};
use super::send_worker::{PAGE, SendWorker};
use super::{Error, Ledger};

/// How many pages may wait to be sent.
const MAX_PAGES: usize = 3;
/// How many results are recorded together. Half of those that may wait, so that sending continues while they are written.
const BATCH: usize = MAX_UNRECORDED / 2;

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
    handout: Handout,
    /// Rows were asked for, and have not come yet.
    is_waiting: bool,
    thread: JoinHandle<Result<RecordedIn, Error>>,
    /// Rows with an unclear result that are asked again in the next round.
    parked: Vec<ParkedRow>,
    round: Round,
}

/// The parked rows that are read back from the ledger in this round, page by page.
#[derive(Debug, Default)]
struct Round {
    rows: vec::IntoIter<ParkedRow>,
    page: vec::IntoIter<PendingRow>,
    /// The page that the worker reads.
    next_page: Option<(Vec<ParkedRow>, oneshot::Receiver<Vec<PendingRow>>)>,
}

impl Ledger {
    /// Starts to send the rows of `run` that `selection` names. `timeout` is the time limit of each request. The caller has locked
    /// the run.
    pub fn send(
        &self,
        run: RunId,
        selection: &RowSelection,
        timeout: Duration,
    ) -> Result<SendQueue, Error> {
        let (page_sender, pages) = queue::channel(MAX_PAGES);
        let (messages, incoming) = mpsc::channel();
        let backlog = Arc::<Backlog>::default();
        let worker = SendWorker::new(
            self,
            run,
            selection,
            timeout,
            page_sender,
            Arc::clone(&backlog),
        )?;
        let path = self.path.clone();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || worker.run(&incoming))
            .map_err(Error::unusable(&path))?;
        Ok(SendQueue {
            pages,
            page: Vec::new().into_iter(),
            batch: Vec::with_capacity(BATCH),
            messages,
            backlog,
            handout: selection.handout,
            is_waiting: false,
            thread,
            parked: Vec::new(),
            round: Round::default(),
        })
    }
}

impl SendQueue {
    /// Returns the next row to send, once there is room in the backlog. `None` after the last row, or if the ledger failed.
    pub async fn next(&mut self, free: usize) -> Option<PendingRow> {
        self.until_room().await;
        loop {
            if self.backlog.is_closed() {
                // Results would be lost.
                return None;
            }
            if let Some(row) = self.page.next() {
                return Some(row);
            }
            if self.handout == Handout::OnDemand && !mem::replace(&mut self.is_waiting, true) {
                self.enqueue(Message::Wanted(free));
            }
            if self.pages.is_empty() {
                // The worker reads the next page when it gets a batch.
                self.flush();
            }
            self.page = self.pages.recv().await?.into_iter();
            self.is_waiting = false;
        }
    }

    /// Returns the next parked row of this round, as [`SendQueue::next`] does.
    pub async fn next_parked(&mut self) -> Option<PendingRow> {
        self.until_room().await;
        loop {
            if self.backlog.is_closed() {
                return None;
            }
            if let Some(row) = self.round.page.next() {
                return Some(row);
            }
            if self.round.next_page.is_none() {
                let rows: Vec<ParkedRow> = self.round.rows.by_ref().take(PAGE).collect();
                if rows.is_empty() {
                    return None;
                }
                let (reply, page) = oneshot::channel();
                self.round.next_page = Some((rows.clone(), page));
                self.enqueue(Message::ReadBack(rows, reply));
                self.flush();
            }
            if let Some((_, page)) = &mut self.round.next_page {
                let rows = page.await.ok()?;
                self.round.next_page = None;
                self.round.page = rows.into_iter();
            }
        }
    }

    async fn until_room(&mut self) {
        while self.backlog.is_full() {
            self.flush();
            // `Notify` remembers a change that came before this.
            self.backlog.changed().await;
        }
    }

    /// Records an unclear result, and keeps the row for the next round.
    pub fn park(&mut self, result: RowResult, unclear_ends: u32) {
        self.parked.push(ParkedRow {
            number: result.number,
            unclear_ends,
        });
        self.record(result);
    }

    /// Returns how many rows are parked.
    pub fn parked(&self) -> u64 {
        self.parked.len() as u64
    }

    /// Starts to hand out the rows that are parked now.
    pub fn start_round(&mut self) {
        self.round = Round {
            rows: mem::take(&mut self.parked).into_iter(),
            ..Round::default()
        };
    }

    /// Parks the rows again that this round has not handed out.
    pub fn end_round(&mut self) {
        let round = mem::take(&mut self.round);
        let unread = round.page.map(|row| ParkedRow {
            number: row.number,
            unclear_ends: row.unclear_ends,
        });
        let requested = round.next_page.into_iter().flat_map(|(rows, _)| rows);
        self.parked
            .extend(unread.chain(requested).chain(round.rows));
    }

    /// Returns whether no more rows are handed out because the ledger failed or is not at its path any more.
    pub fn is_closed(&self) -> bool {
        self.backlog.is_closed()
    }

    /// Records now that requests may have been sent until now, with the results so far. After a crash, `send` knows from it how
    /// long to wait.
    pub fn record_activity(&mut self) {
        if self.batch.is_empty() {
            let _ = self.messages.send(Vec::new());
        }
        self.flush();
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
        self.backlog.add();
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
