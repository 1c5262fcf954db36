//! The clerk's thread: it records groups of answers and takes out pages of rows, both in one transaction.

use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;

use rusqlite::{Connection, params};
use tokio::sync::mpsc as queue;

use super::clerk::{Answered, Backlog, Pending, Take, Word};
use super::{Error, Ledger, RowState, RunId, Tally};

/// Rows that are handed out at once. They count as sent from then on, so they are few.
const PAGE: usize = 64;
/// Pages of rows that may wait for workers.
pub(super) const PAGES: usize = 3;

/// What the thread works with.
pub(super) struct Desk {
    path: PathBuf,
    connection: Connection,
    run: RunId,
    left: u64,
    /// A bit for each state whose rows are handed out.
    states: u32,
    /// The last row that was looked at; `None` where there are no more.
    after: Option<u32>,
    /// Rows that were handed out and are not answered: target and former state.
    out: BTreeMap<u32, (u32, RowState)>,
    changes: Tally,
    /// Gone when the last row was handed out.
    hand_out: Option<queue::Sender<Vec<Pending>>>,
    backlog: Arc<Backlog>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.backlog.give_up();
    }
}

impl Desk {
    /// Opens a connection of its own, by which the rows of `run` that `take` names go to `hand_out`.
    pub(super) fn open(
        ledger: &Ledger,
        run: RunId,
        take: &Take,
        hand_out: queue::Sender<Vec<Pending>>,
        backlog: Arc<Backlog>,
    ) -> Result<Self, Error> {
        Ok(Self {
            path: ledger.path().to_owned(),
            connection: ledger.connect()?,
            run,
            left: take.first.unwrap_or(u64::MAX),
            states: RowState::bits(&take.states),
            after: Some(0),
            out: BTreeMap::new(),
            changes: Tally::default(),
            hand_out: Some(hand_out),
            backlog,
        })
    }

    /// Serves until nobody has anything to tell any more.
    pub(super) fn work(mut self, words: &mpsc::Receiver<Vec<Word>>) -> Result<(), Error> {
        let ended = self.serve(words);
        ended.map_err(|source| Error::database(&self.path, source))
    }

    fn serve(&mut self, words: &mpsc::Receiver<Vec<Word>>) -> rusqlite::Result<()> {
        self.commit(&[])?;
        for group in words {
            self.commit(&group)?;
            self.backlog.recorded(group.len());
        }
        self.put_all_back()
    }

    /// Records a group and takes out as many pages as may wait, in one transaction.
    fn commit(&mut self, group: &[Word]) -> rusqlite::Result<()> {
        self.begin()?;
        for word in group {
            match word {
                Word::Answered(answered) => self.record(answered)?,
                Word::Returned(number) => {
                    if let Some((target, state)) = self.out.remove(number) {
                        self.put_back(*number, target, state)?;
                    }
                }
            }
        }
        let room = self.hand_out.as_ref().map_or(0, queue::Sender::capacity);
        let mut pages = Vec::with_capacity(room);
        while let (Some(after), true) = (self.after, pages.len() < room) {
            pages.push(self.next_page(after)?);
        }
        self.end()?;
        for page in pages.into_iter().filter(|page| !page.is_empty()) {
            if let Some(hand_out) = &self.hand_out {
                // Where nobody takes rows any more, they are put back at the end.
                let _ = hand_out.try_send(page);
            }
        }
        if self.after.is_none() {
            self.hand_out = None;
        }
        Ok(())
    }

    fn record(&mut self, answered: &Answered) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE invites SET state = ?2, attempts = attempts + ?3, status = ?4, invite_url = ?5, session = ?6,
                                    note = ?7, answered_at = ?8, due_date = ?9
                 WHERE id = ?1",
            )?
            .execute(params![
                self.run.row(answered.number),
                answered.state,
                answered.attempts,
                answered.status,
                answered.invite_url,
                answered.session,
                answered.note,
                answered.at,
                answered.due_date,
            ])?;
        if let Some((target, _)) = self.out.remove(&answered.number) {
            self.changes
                .moved(target, RowState::Sending, answered.state);
        }
        Ok(())
    }

    /// Takes out the page behind the row `after`, which is empty where there are no more rows.
    fn next_page(&mut self, after: u32) -> rusqlite::Result<Vec<Pending>> {
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
            self.out.insert(pending.number, (pending.target, *state));
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

    fn read(&self, after: u32, limit: usize) -> rusqlite::Result<Vec<(Pending, RowState)>> {
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
                    let place: (Option<u32>, Option<u64>) = (row.get(2)?, row.get(3)?);
                    let pending = Pending {
                        number: self.run.number_of(row.get(0)?).unwrap_or(0),
                        target: row.get(1)?,
                        place: place.0.zip(place.1),
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
        for (number, (target, state)) in mem::take(&mut self.out) {
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
