//! The thread of the ledger during sending: it reads the rows to send and records their results, in batches.
//!
//! A row is marked as being sent before it is handed out, so that after a crash the ledger shows which rows may have been
//! sent. The time of each transaction is recorded too: after a crash, it shows until when.

use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use tokio::sync::mpsc as queue;

use super::open_file::OpenFile;
use super::row::{PendingRow, RowResult, RowState};
use super::run::RunId;
use super::send_channel::{Backlog, Handout, Message, ParkedRow, RecordedIn, RowSelection};
use super::state_counts::StateCounts;
use super::{Error, Ledger, pending_rows};

/// Rows per page. A row counts as sent as soon as it is in a page, so pages are small.
pub(super) const PAGE: usize = 64;

/// How far ahead the time is recorded until which requests may be sent, in milliseconds: more than the time between two
/// recordings while requests are being sent.
const ACTIVITY_AHEAD: i64 = 250;

/// The worker thread's end of the queue.
pub(super) struct SendWorker {
    path: PathBuf,
    open_file: OpenFile,
    connection: Connection,
    run: RunId,
    /// The time limit of each request, in milliseconds.
    timeout: i64,
    /// How many more rows to hand out.
    remaining: u64,
    /// The states of rows to hand out, as [`RowState::bits`].
    states: i64,
    /// The number of the last row that was read; `None` after the last page.
    after: Option<u32>,
    /// Rows that were handed out and have no result.
    in_flight: BTreeMap<u32, FormerRow>,
    changes: StateCounts,
    /// `None` after the last page.
    page_sender: Option<queue::Sender<Vec<PendingRow>>>,
    backlog: Arc<Backlog>,
    recorded_in: RecordedIn,
    handout: Handout,
    /// How many rows will be sent at once.
    wanted: usize,
}

/// What a row was before it was handed out.
struct FormerRow {
    target: u32,
    state: RowState,
    asked_at: Option<i64>,
}

impl Drop for SendWorker {
    fn drop(&mut self) {
        self.backlog.close();
    }
}

impl SendWorker {
    pub(super) fn new(
        ledger: &Ledger,
        run: RunId,
        selection: &RowSelection,
        timeout: Duration,
        page_sender: queue::Sender<Vec<PendingRow>>,
        backlog: Arc<Backlog>,
    ) -> Result<Self, Error> {
        let connection = ledger.connect()?;
        if selection.handout == Handout::OnDemand {
            // A power failure must not undo the mark of a row that was sent.
            connection
                .pragma_update(None, "synchronous", "FULL")
                .map_err(ledger.database_error())?;
        }
        Ok(Self {
            path: ledger.path.clone(),
            open_file: ledger.open_file.clone(),
            connection,
            run,
            timeout: i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX),
            remaining: selection.first.unwrap_or(u64::MAX),
            states: RowState::bits(&selection.states),
            after: Some(0),
            in_flight: BTreeMap::new(),
            changes: StateCounts::default(),
            page_sender: Some(page_sender),
            backlog,
            recorded_in: RecordedIn::Ledger,
            handout: selection.handout,
            wanted: 0,
        })
    }

    pub(super) fn run(
        mut self,
        messages: &mpsc::Receiver<Vec<Message>>,
    ) -> Result<RecordedIn, Error> {
        self.serve(messages)
            .map_err(|source| Error::database(&self.path, source))?;
        Ok(self.recorded_in)
    }

    fn serve(&mut self, messages: &mpsc::Receiver<Vec<Message>>) -> rusqlite::Result<()> {
        self.process_batch(Vec::new())?;
        for batch in messages {
            let messages = batch.len();
            self.process_batch(batch)?;
            self.backlog.mark_recorded(messages);
        }
        self.put_all_back()
    }

    /// Records a batch and hands out as many pages as there is room for, all in one transaction.
    fn process_batch(&mut self, batch: Vec<Message>) -> rusqlite::Result<()> {
        self.notice_displacement();
        self.begin()?;
        let now = Timestamp::now().as_millisecond();
        let mut read_back = Vec::new();
        for message in batch {
            match message {
                Message::Result(result) => self.record(&result)?,
                Message::Returned(number) => {
                    if let Some(former) = self.in_flight.remove(&number) {
                        self.put_back(number, &former)?;
                    }
                }
                Message::Wanted(rows) => self.wanted += rows,
                Message::ReadBack(rows, reply) => {
                    read_back.push((self.read_back(&rows)?, reply));
                }
            }
        }
        let (room, page_size) = match self.handout {
            Handout::Ahead => {
                let room = self.page_sender.as_ref().map_or(0, queue::Sender::capacity);
                (room, PAGE)
            }
            Handout::OnDemand => (self.wanted.min(1), mem::take(&mut self.wanted)),
        };
        let mut pages = Vec::with_capacity(room);
        while let (Some(after), true) = (self.after, pages.len() < room) {
            pages.push(self.next_page(after, page_size, now)?);
        }
        self.record_activity(now)?;
        self.commit()?;
        for (page, reply) in read_back {
            // This fails if the sender takes no more rows. They stay as they are.
            let _ = reply.send(page);
        }
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

    /// Records that requests of the run may be sent from `now` until this is called again.
    fn record_activity(&self, now: i64) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("UPDATE runs SET asked_at = ?2, timeout = ?3 WHERE id = ?1")?
            .execute((self.run.number(), now + ACTIVITY_AHEAD, self.timeout))
            .map(drop)
    }

    /// Hands out no more rows if the file is not at its path. The results of those in flight are still recorded in it.
    fn notice_displacement(&mut self) {
        if self.open_file.is_displaced(&self.path) {
            self.recorded_in = RecordedIn::DisplacedFile;
            self.after = None;
            self.backlog.close();
        }
    }

    fn record(&mut self, result: &RowResult) -> rusqlite::Result<()> {
        let session = result.session_terms.as_ref();
        self.connection
            .prepare_cached(
                "UPDATE invites SET state = ?2, attempts = attempts + ?3, status = ?4, invite_url = ?5, session = ?6,
                                    note = ?7, answered_at = ?8, asked_at = ?9,
                                    session_name = ?10, session_due_date = ?11, result = ?12
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
                result.asked_at,
                session.and_then(|session| session.name.as_ref()),
                session.map(|session| &session.deadline),
                result.result,
            ])?;
        if let Some(former) = self.in_flight.remove(&result.number) {
            self.changes
                .change_state(former.target, RowState::Sending, result.state);
        }
        Ok(())
    }

    /// Reads the page after the row `after` and marks its rows as being sent. The page is empty if there are no more rows.
    fn next_page(
        &mut self,
        after: u32,
        size: usize,
        now: i64,
    ) -> rusqlite::Result<Vec<PendingRow>> {
        let limit = usize::try_from(self.remaining).map_or(size, |remaining| remaining.min(size));
        let page = pending_rows::read_page(&self.connection, self.run, after, self.states, limit)?;
        let Some(last) = page.last().map(|(row, _)| row.number) else {
            self.after = None;
            return Ok(Vec::new());
        };
        self.remaining -= page.len() as u64;
        self.after = (page.len() == size && self.remaining > 0).then_some(last);
        self.connection
            .prepare_cached(
                "UPDATE invites SET state = ?4, asked_at = ifnull(asked_at, ?5)
                 WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3",
            )?
            .execute(params![
                self.run.row(after),
                self.run.row(last),
                self.states,
                RowState::Sending,
                now
            ])?;
        for (row, state) in &page {
            self.changes
                .change_state(row.target, *state, RowState::Sending);
            self.in_flight
                .insert(row.number, FormerRow::of(row, *state));
        }
        Ok(page.into_iter().map(|(row, _)| row).collect())
    }

    /// Reads rows that are parked, and hands them out again.
    fn read_back(&mut self, parked: &[ParkedRow]) -> rusqlite::Result<Vec<PendingRow>> {
        let mut rows = Vec::with_capacity(parked.len());
        for parked in parked {
            let row = pending_rows::read_parked(&self.connection, self.run, *parked)?;
            self.in_flight
                .insert(row.number, FormerRow::of(&row, RowState::Sending));
            rows.push(row);
        }
        Ok(rows)
    }

    fn put_all_back(&mut self) -> rusqlite::Result<()> {
        self.begin()?;
        for (number, former) in mem::take(&mut self.in_flight) {
            self.put_back(number, &former)?;
        }
        self.commit()
    }

    fn put_back(&mut self, number: u32, former: &FormerRow) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("UPDATE invites SET state = ?2, asked_at = ?3 WHERE id = ?1")?
            .execute((self.run.row(number), former.state, former.asked_at))?;
        self.changes
            .change_state(former.target, RowState::Sending, former.state);
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

impl FormerRow {
    fn of(row: &PendingRow, state: RowState) -> Self {
        Self {
            target: row.target,
            state,
            asked_at: row.asked_at,
        }
    }
}
