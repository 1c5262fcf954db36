//! What passes between the sender of a run and the thread that reads its rows and records its results.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::{Notify, oneshot};

use super::row::{PendingRow, RowResult, RowState};

/// How many results may wait to be recorded. After a crash, `send` repeats the requests of these and of those in flight.
pub(super) const MAX_UNRECORDED: usize = 256;

/// Which rows of a run to send.
#[derive(Clone, Debug)]
pub struct RowSelection {
    pub states: Vec<RowState>,
    /// Stop after this many rows.
    pub first: Option<u64>,
    pub handout: Handout,
}

/// When rows are marked as being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handout {
    /// Some pages of rows ahead of the requests, which is faster. After a crash, more rows are perhaps sent than were.
    Ahead,
    /// Only those that are sent at once, and on the disk before that: asking again is not harmless.
    OnDemand,
}

/// A row whose last request had an unclear end. Everything else is in the ledger.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParkedRow {
    pub(super) number: u32,
    pub(super) unclear_ends: u32,
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
pub(super) enum Message {
    Result(RowResult),
    /// The row with this number was not sent.
    Returned(u32),
    /// This many rows will be sent at once.
    Wanted(usize),
    /// These rows are read back.
    ReadBack(Vec<ParkedRow>, oneshot::Sender<Vec<PendingRow>>),
}

/// Counts the messages that the worker has not recorded yet.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    messages: AtomicUsize,
    /// No more rows are to be sent: the worker has ended, or the ledger is not at its path any more.
    is_closed: AtomicBool,
    changed: Notify,
}

impl Backlog {
    pub(super) fn add(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits until messages have been recorded, also those recorded before this is called.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(super) fn is_full(&self) -> bool {
        self.messages.load(Ordering::Acquire) >= MAX_UNRECORDED && !self.is_closed()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.changed.notify_one();
    }

    pub(super) fn mark_recorded(&self, messages: usize) {
        self.messages.fetch_sub(messages, Ordering::Release);
        self.changed.notify_one();
    }
}
