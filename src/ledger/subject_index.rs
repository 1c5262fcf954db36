//! The index of subjects while a plan is written.
//!
//! The keys of a plan are hashes, in no order. Stored one by one, they change most pages of the index in every transaction,
//! which costs more than all the rest of planning. So they wait in memory, and are stored together and in order.

use std::collections::HashMap;

use rusqlite::Connection;

use super::run::RunId;
use super::subject::{keys, row_with_key};

/// How many keys may wait, so that the memory of a plan is bounded: as many as a hash table with 2^19 places takes.
const MAX_WAITING: usize = (1 << 19) / 8 * 7;
/// Of a million stored keys, one in 16 new ones looks stored with this many bits, and is looked up.
const STORED_BITS: usize = 1 << 24;

/// The index of the subjects of a run, with keys that are not stored yet.
#[derive(Debug)]
pub(super) struct SubjectIndex {
    run: RunId,
    /// A bit for each value of the last bits of a key, set if a key that is stored has them. Most keys of a plan are new,
    /// which this shows without a look-up in the ledger. Empty while nothing is stored.
    stored: Vec<u64>,
    /// The number of the row for each key. A key is split into its halves, since an aligned `i64` takes four bytes more.
    waiting: HashMap<[u32; 2], u32>,
}

impl SubjectIndex {
    pub(super) fn new(connection: &Connection, run: RunId) -> rusqlite::Result<Self> {
        let keys = keys(run);
        let has_stored: bool = connection
            .prepare("SELECT EXISTS (SELECT 1 FROM subjects WHERE key BETWEEN ?1 AND ?2)")?
            .query_row((keys.start(), keys.end()), |row| row.get(0))?;
        Ok(Self {
            run,
            // Which keys are stored is not known, so every key is looked up.
            stored: vec![u64::MAX; if has_stored { STORED_BITS / 64 } else { 0 }],
            waiting: HashMap::new(),
        })
    }

    /// Returns the id of the row with `key`.
    pub(super) fn find(&self, connection: &Connection, key: i64) -> rusqlite::Result<Option<i64>> {
        if let Some(number) = self.waiting.get(&halves(key)) {
            return Ok(Some(self.run.row(*number)));
        }
        let (word, bit) = place(key);
        let may_be_stored = self.stored.get(word).is_some_and(|bits| bits & bit != 0);
        if !may_be_stored {
            return Ok(None);
        }
        row_with_key(connection, key)
    }

    /// Adds the key of a row, which no other row has.
    pub(super) fn add(
        &mut self,
        connection: &Connection,
        key: i64,
        number: u32,
    ) -> rusqlite::Result<()> {
        if self.waiting.len() == MAX_WAITING {
            self.store(connection)?;
        }
        self.waiting.insert(halves(key), number);
        Ok(())
    }

    /// Stores the keys that wait. Until then, only this index finds them.
    pub(super) fn store(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.stored.resize(STORED_BITS / 64, 0);
        let mut rows: Vec<_> = self.waiting.drain().collect();
        rows.sort_unstable();
        let mut insert =
            connection.prepare_cached("INSERT INTO subjects (key, row) VALUES (?1, ?2)")?;
        for ([upper, lower], number) in rows {
            let key = (i64::from(upper) << u32::BITS) | i64::from(lower);
            insert.execute((key, self.run.row(number)))?;
            let (word, bit) = place(key);
            if let Some(bits) = self.stored.get_mut(word) {
                *bits |= bit;
            }
        }
        Ok(())
    }
}

/// Returns the halves of `key`, which is not negative. They have the same order.
fn halves(key: i64) -> [u32; 2] {
    let half = |bits: i64| u32::try_from(bits & i64::from(u32::MAX)).unwrap_or(0);
    [half(key >> u32::BITS), half(key)]
}

/// Returns the index of the word for `key` among the stored ones, and its bit in that word.
fn place(key: i64) -> (usize, u64) {
    let [_, lower] = halves(key);
    let place = lower as usize % STORED_BITS;
    (place / 64, 1 << (place % 64))
}
