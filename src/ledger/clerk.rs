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

use super::desk::{Desk, PAGES};
use super::{Error, Ledger, Place, RowState, RunId};

/// Answers that may wait to be recorded, at most: so many are asked for again after a kill, and those in flight.
const UNRECORDED: usize = 256;
/// Answers that are recorded at once. Fewer than may wait, so that sending goes on meanwhile.
const GROUP: usize = UNRECORDED / 2;

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
    /// The deadline that holds now, with its zone.
    pub due_date: Option<String>,
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
pub(super) enum Word {
    Answered(Answered),
    /// It was not sent.
    Returned(u32),
}

/// What the thread was told and has not recorded.
#[derive(Debug, Default)]
pub(super) struct Backlog {
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

    /// Takes off words that were recorded.
    pub(super) fn recorded(&self, words: usize) {
        self.words.fetch_sub(words, Ordering::Release);
        self.changed.notify_one();
    }

    /// Tells whoever waits that nothing is recorded any more.
    pub(super) fn give_up(&self) {
        self.is_given_up.store(true, Ordering::Release);
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
    pub fn send(&self, run: RunId, take: &Take) -> Result<Clerk, Error> {
        let (hand_out, pages) = queue::channel(PAGES);
        let (words, incoming) = mpsc::channel();
        let backlog = Arc::<Backlog>::default();
        let desk = Desk::open(self, run, take, hand_out, Arc::clone(&backlog))?;
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
