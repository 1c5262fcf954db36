//! The clerk's thread: it records groups of answers and takes out pages of rows, both in one transaction.

use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;

use rusqlite::{Connection, params};
use tokio::sync::mpsc as queue;

use super::send_queue::{Backlog, Message, PendingRow, RowResult, RowSelection};
use super::{Error, Ledger, RowState, RunId, StateCounts};

/// Rows that are handed out at once. They count as sent from then on, so they are few.
const PAGE: usize = 64;
/// Pages of rows that may wait for workers.
pub(super) const PAGES: usize = 3;

/// What the thread works with.
pub(super) struct SendWorker {
    path: PathBuf,
    connection: Connection,
    run: RunId,
    left: u64,
    /// A bit for each state whose rows are handed out.
    states: u32,
    /// The last row that was looked at; `None` where there are no more.
    after: Option<u32>,
    /// Rows that were handed out and are not answered: target and former state.
    in_flight: BTreeMap<u32, (u32, RowState)>,
    changes: StateCounts,
    /// Gone when the last row was handed out.
    page_sender: Option<queue::Sender<Vec<PendingRow>>>,
    backlog: Arc<Backlog>,
}

impl Drop for SendWorker {
    fn drop(&mut self) {
        self.backlog.close();
    }
}

impl SendWorker {
    /// Opens a connection of its own, by which the rows of `run` that `take` names go to `page_sender`.
    pub(super) fn open(
        ledger: &Ledger,
        run: RunId,
        take: &RowSelection,
        page_sender: queue::Sender<Vec<PendingRow>>,
        backlog: Arc<Backlog>,
    ) -> Result<Self, Error> {
        Ok(Self {
            path: ledger.path().to_owned(),
            connection: ledger.connect()?,
            run,
            left: take.first.unwrap_or(u64::MAX),
            states: RowState::bits(&take.states),
            after: Some(0),
            in_flight: BTreeMap::new(),
            changes: StateCounts::default(),
            page_sender: Some(page_sender),
            backlog,
        })
    }

    /// Serves until nobody has anything to tell any more.
    pub(super) fn work(mut self, messages: &mpsc::Receiver<Vec<Message>>) -> Result<(), Error> {
        let ended = self.serve(messages);
        ended.map_err(|source| Error::database(&self.path, source))
    }

    fn serve(&mut self, messages: &mpsc::Receiver<Vec<Message>>) -> rusqlite::Result<()> {
        self.commit(&[])?;
        for batch in messages {
            self.commit(&batch)?;
            self.backlog.mark_recorded(batch.len());
        }
        self.put_all_back()
    }

    /// Records a group and takes out as many pages as may wait, in one transaction.
    fn commit(&mut self, batch: &[Message]) -> rusqlite::Result<()> {
        self.begin()?;
        for message in batch {
            match message {
                Message::RowResult(row_result) => self.record(row_result)?,
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
        self.end()?;
        for page in pages.into_iter().filter(|page| !page.is_empty()) {
            if let Some(page_sender) = &self.page_sender {
                // Where nobody takes rows any more, they are put back at the end.
                let _ = page_sender.try_send(page);
            }
        }
        if self.after.is_none() {
            self.page_sender = None;
        }
        Ok(())
    }

    fn record(&mut self, row_result: &RowResult) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE invites SET state = ?2, attempts = attempts + ?3, status = ?4, invite_url = ?5, session = ?6,
                                    note = ?7, answered_at = ?8, due_date = ?9
                 WHERE id = ?1",
            )?
            .execute(params![
                self.run.row(row_result.number),
                row_result.state,
                row_result.attempts,
                row_result.status,
                row_result.invite_url,
                row_result.session,
                row_result.note,
                row_result.at,
                row_result.due_date,
            ])?;
        if let Some((target, _)) = self.in_flight.remove(&row_result.number) {
            self.changes
                .moved(target, RowState::Sending, row_result.state);
        }
        Ok(())
    }

    /// Takes out the page behind the row `after`, which is empty where there are no more rows.
    fn next_page(&mut self, after: u32) -> rusqlite::Result<Vec<PendingRow>> {
        let limit = usize::try_from(self.left).map_or(PAGE, |left| left.min(PAGE));
        let page = self.read(after, limit)?;
        let Some(last) = page.last().map(|(pending, _)| pending.number) else {
            self.after = None;
            return Ok(Vec::new());
        };
        self.left -= page.len() as u64;
        self.after = (page.len() == PAGE && self.left > 0).then_some(last);
        self.mark_as_sending(after, last)?;
        for (pending, state) in &page {
            self.changes
                .moved(pending.target, *state, RowState::Sending);
            self.in_flight
                .insert(pending.number, (pending.target, *state));
        }
        Ok(page.into_iter().map(|(pending, _)| pending).collect())
    }

    /// Marks the rows of the page that begins after the row `after` and ends with `last`.
    fn mark_as_sending(&self, after: u32, last: u32) -> rusqlite::Result<()> {
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
        Ok(())
    }

    fn read(&self, after: u32, limit: usize) -> rusqlite::Result<Vec<(PendingRow, RowState)>> {
        self.connection
            .prepare_cached(
                "SELECT id, target, file, line, email, name, due_date, send_email, state FROM invites
                 WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3 ORDER BY id LIMIT ?4",
            )?
            .query_map(
                (
                    self.run.row(after),
                    self.run.row(u32::MAX),
                    self.states,
                    limit,
                ),
                |row| {
                    let location: (Option<u32>, Option<u64>) = (row.get(2)?, row.get(3)?);
                    let pending = PendingRow {
                        number: self.run.number_of(row.get(0)?).unwrap_or(0),
                        target: row.get(1)?,
                        location: location.0.zip(location.1),
                        email: row.get(4)?,
                        name: row.get(5)?,
                        due_date: row.get(6)?,
                        send_email: row.get(7)?,
                    };
                    Ok((pending, row.get(8)?))
                },
            )?
            .collect()
    }

    /// Gives rows that were handed out and not answered their former state again.
    fn put_all_back(&mut self) -> rusqlite::Result<()> {
        self.begin()?;
        for (number, (target, state)) in mem::take(&mut self.in_flight) {
            self.put_back(number, target, state)?;
        }
        self.end()
    }

    fn put_back(&mut self, number: u32, target: u32, state: RowState) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("UPDATE invites SET state = ?2 WHERE id = ?1")?
            .execute(params![self.run.row(number), state])?;
        self.changes.moved(target, RowState::Sending, state);
        Ok(())
    }

    fn begin(&mut self) -> rusqlite::Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE")
    }

    fn end(&mut self) -> rusqlite::Result<()> {
        self.changes.flush(&self.connection, self.run)?;
        self.connection.execute_batch("COMMIT")
    }
}
