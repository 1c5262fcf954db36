//! The clerk of a run that is being sent: a thread that hands out the rows to send and records the answers, in groups.
//!
//! A row is marked as being sent before it is handed out, so that after a kill the ledger tells which may have been sent.

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

use super::{Error, Ledger, Place, RowState, RunId, Tally};

/// Answers that may wait to be recorded, at most: so many are asked for again after a kill, and those in flight.
const UNRECORDED: usize = 256;
/// Answers that are recorded at once. Fewer than may wait, so that sending goes on meanwhile.
const GROUP: usize = UNRECORDED / 2;
/// Rows that are handed out at once.
const PAGE: usize = 256;
/// Pages of rows that may wait for workers.
const PAGES: usize = 2;

/// A row to send.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Its number.
    pub number: u32,
    /// Number of its target.
    pub target: u32,
    /// Number of the file it came from, and its line there.
    pub place: Option<Place>,
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
pub struct Answered {
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
    /// Why it failed, or what the user should know.
    pub note: Option<String>,
    /// When the answer came, in milliseconds since 1970.
    pub at: i64,
}

/// Which rows of a run to hand out.
#[derive(Clone, Debug)]
pub struct Take {
    /// Those in one of these states.
    pub states: Vec<RowState>,
    /// At most so many.
    pub first: Option<u64>,
}

/// What the clerk is told about a row that it handed out.
#[derive(Debug)]
enum Word {
    Answered(Answered),
    /// It was not sent.
    Returned(u32),
}

/// What the thread was told and has not recorded.
#[derive(Debug, Default)]
struct Backlog {
    words: AtomicUsize,
    /// Nothing is recorded any more.
    is_given_up: AtomicBool,
    changed: Notify,
}

impl Backlog {
    fn is_full(&self) -> bool {
        self.words.load(Ordering::Acquire) >= UNRECORDED && !self.is_given_up()
    }

    fn is_given_up(&self) -> bool {
        self.is_given_up.load(Ordering::Acquire)
    }

    fn recorded(&self, words: usize) {
        self.words.fetch_sub(words, Ordering::Release);
        self.changed.notify_one();
    }
}

/// A run that is being sent.
///
/// Rows and answers pass between the threads in groups: a thread that is woken for each of them would spend its time on
/// that.
#[derive(Debug)]
pub struct Clerk {
    pages: queue::Receiver<Vec<Pending>>,
    page: vec::IntoIter<Pending>,
    group: Vec<Word>,
    words: mpsc::Sender<Vec<Word>>,
    backlog: Arc<Backlog>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Ledger {
    /// Begins to send the rows of `run` that `take` names. Who calls this holds the run.
    ///
    /// # Errors
    /// The ledger cannot be opened.
    pub fn send(&self, run: RunId, take: Take) -> Result<Clerk, Error> {
        let (hand_out, pages) = queue::channel(PAGES);
        let (words, incoming) = mpsc::channel();
        let backlog = Arc::<Backlog>::default();
        let desk = Desk {
            path: self.path().to_owned(),
            connection: self.connect()?,
            run,
            left: take.first.unwrap_or(u64::MAX),
            states: take.states,
            after: Some(0),
            out: BTreeMap::new(),
            changes: Tally::default(),
            hand_out: Some(hand_out),
            backlog: Arc::clone(&backlog),
        };
        let path = self.path().to_owned();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || desk.work(&incoming))
            .map_err(|source| Error::File { path, source })?;
        Ok(Clerk {
            pages,
            page: Vec::new().into_iter(),
            group: Vec::with_capacity(GROUP),
            words,
            backlog,
            thread,
        })
    }
}

impl Clerk {
    /// Returns the next row to send, as soon as few enough answers wait to be recorded; none where there are no more rows,
    /// or the ledger failed.
    pub async fn next(&mut self) -> Option<Pending> {
        while self.backlog.is_full() {
            self.flush();
            // A change that comes before this is remembered.
            self.backlog.changed.notified().await;
        }
        loop {
            if self.backlog.is_given_up() {
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

    /// Takes an answer to be recorded with others, at [`Clerk::flush`] or before.
    pub fn record(&mut self, answered: Answered) {
        self.tell(Word::Answered(answered));
    }

    /// Takes back a row that was not sent: it gets its former state again, and makes room for others.
    pub fn put_back(&mut self, number: u32) {
        self.tell(Word::Returned(number));
    }

    fn tell(&mut self, word: Word) {
        self.backlog.words.fetch_add(1, Ordering::Relaxed);
        self.group.push(word);
        if self.group.len() == GROUP {
            self.flush();
        }
    }

    /// Has the answers recorded that were taken.
    pub fn flush(&mut self) {
        if !self.group.is_empty() {
            let group = mem::replace(&mut self.group, Vec::with_capacity(GROUP));
            // A ledger that failed says so at the end.
            let _ = self.words.send(group);
        }
    }

    /// Records what is left to record, and puts rows that were not sent back.
    ///
    /// # Errors
    /// The ledger failed, now or before.
    pub fn finish(mut self) -> Result<(), Error> {
        self.flush();
        drop((self.pages, self.words));
        self.thread
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic))
    }
}

/// The thread's side.
struct Desk {
    path: PathBuf,
    connection: Connection,
    run: RunId,
    left: u64,
    states: Vec<RowState>,
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
        self.backlog.is_given_up.store(true, Ordering::Release);
        self.backlog.changed.notify_one();
    }
}

impl Desk {
    fn work(mut self, words: &mpsc::Receiver<Vec<Word>>) -> Result<(), Error> {
        let ended = self.serve(words);
        ended.map_err(|source| Error::database(&self.path, source))
    }

    fn serve(&mut self, words: &mpsc::Receiver<Vec<Word>>) -> rusqlite::Result<()> {
        for _ in 0..PAGES {
            self.commit(&[])?;
        }
        for group in words {
            self.commit(&group)?;
            self.backlog.recorded(group.len());
        }
        self.put_all_back()
    }

    /// Records a group and takes out the next page, in one transaction.
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
        let page = self.next_page()?;
        self.end()?;
        if let Some(hand_out) = self.hand_out.as_ref().filter(|_| !page.is_empty()) {
            // Where nobody takes rows any more, they are put back at the end.
            let _ = hand_out.try_send(page);
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
                                    note = ?7, answered_at = ?8
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
            ])?;
        if let Some((target, _)) = self.out.remove(&answered.number) {
            self.changes
                .moved(target, RowState::Sending, answered.state);
        }
        Ok(())
    }

    fn next_page(&mut self) -> rusqlite::Result<Vec<Pending>> {
        let has_room = |queue: &queue::Sender<_>| queue.capacity() > 0;
        let (Some(after), true) = (self.after, self.hand_out.as_ref().is_some_and(has_room)) else {
            return Ok(Vec::new());
        };
        let limit = usize::try_from(self.left).map_or(PAGE, |left| left.min(PAGE));
        let page = self.read(after, limit)?;
        self.left -= page.len() as u64;
        self.after = page
            .last()
            .filter(|_| page.len() == PAGE && self.left > 0)
            .map(|(pending, _)| pending.number);
        let mut mark = self
            .connection
            .prepare_cached("UPDATE invites SET state = ?2 WHERE id = ?1")?;
        for (pending, state) in &page {
            mark.execute(params![self.run.row(pending.number), RowState::Sending])?;
            self.changes
                .moved(pending.target, *state, RowState::Sending);
            self.out.insert(pending.number, (pending.target, *state));
        }
        Ok(page.into_iter().map(|(pending, _)| pending).collect())
    }

    fn read(&self, after: u32, limit: usize) -> rusqlite::Result<Vec<(Pending, RowState)>> {
        let states = self
            .states
            .iter()
            .fold(0_u32, |bits, state| bits | 1 << *state as u8);
        self.connection
            .prepare_cached(
                "SELECT id, target, file, line, email, name, due_date, send_email, state FROM invites
                 WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3 ORDER BY id LIMIT ?4",
            )?
            .query_map(
                (self.run.row(after), self.run.row(u32::MAX), states, limit),
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
