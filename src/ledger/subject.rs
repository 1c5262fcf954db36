//! Finding a row by its subject: a candidate of an assessment, or a session.
//!
//! Each row that can be sent has a key: a hash of its run and its subject. Two subjects may share one, so every
//! lookup compares the subject and tries the next key if it differs. The run's bits lead, which keeps the keys of a run
//! together in the index.

use std::hash::Hasher as _;
use std::ops::RangeInclusive;

use fnv::FnvHasher;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::row::{FileLocation, RowState, location};
use super::run::RunId;
use crate::time::DateTime;

/// Bits of the hash. The bits above identify the run, and the sign bit stays clear.
const HASH_BITS: u32 = 43;
const RUN_BITS: u32 = 20;
const HASH_MASK: u64 = (1 << HASH_BITS) - 1;

/// What a row is about. A run has at most one row that can be sent for each.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    Candidate {
        target: u32,
        assessment: &'a str,
        email: &'a str,
    },
    /// The session with this id.
    Session(&'a str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRow {
    pub number: u32,
    pub target: u32,
    pub location: Option<FileLocation>,
    pub state: RowState,
    /// When the first request may have been sent, if its end is unclear. Milliseconds since 1970.
    pub asked_at: Option<i64>,
    /// Empty if it is not known.
    pub name: String,
    /// The name was given, not derived from the address.
    pub has_explicit_name: bool,
    pub due_date: Option<DateTime>,
}

/// The row that is already about a subject.
pub(super) struct ExistingRow {
    pub(super) number: u32,
    pub(super) location: Option<FileLocation>,
    pub(super) name: Option<String>,
}

/// Returns the first key to try for a subject.
pub(super) fn first_key(run: RunId, subject: Subject<'_>) -> i64 {
    let (assessment, text) = match subject {
        Subject::Candidate {
            assessment, email, ..
        } => (assessment, email),
        Subject::Session(id) => ("", id),
    };
    let mut hasher = FnvHasher::default();
    hasher.write(assessment.as_bytes());
    hasher.write_u8(0);
    for byte in text.bytes() {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    let hash = hasher.finish();
    // The upper bits of FNV are weak, so they are folded into the lower ones.
    let hash = i64::try_from((hash ^ (hash >> HASH_BITS)) & HASH_MASK).unwrap_or(0);
    keys(run).start() | hash
}

/// Returns the key to try after `key`, of the same run.
pub(super) fn next_key(key: i64) -> i64 {
    const MASK: i64 = HASH_MASK.cast_signed();
    (key & !MASK) | ((key + 1) & MASK)
}

/// Returns the keys that the subjects of `run` may have. Another run may have the same ones, if they are 2^20 runs apart.
pub(super) fn keys(run: RunId) -> RangeInclusive<i64> {
    let start = (run.number() & ((1 << RUN_BITS) - 1)) << HASH_BITS;
    start..=start | HASH_MASK.cast_signed()
}

/// Returns the row with this id if it is about the same subject in the same run.
pub(super) fn read_existing(
    connection: &Connection,
    run: RunId,
    id: i64,
    subject: Subject<'_>,
) -> rusqlite::Result<Option<ExistingRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, target, email, subject, file, line, name FROM invites WHERE id = ?1",
    )?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let Some(number) = number_for(row, run, subject)? else {
        return Ok(None);
    };
    Ok(Some(ExistingRow {
        number,
        location: location(row, 4)?,
        name: row.get(6)?,
    }))
}

/// Returns the row about a subject.
pub(super) fn find(
    connection: &Connection,
    run: RunId,
    subject: Subject<'_>,
) -> rusqlite::Result<Option<FoundRow>> {
    let mut key = first_key(run, subject);
    let mut statement = connection.prepare_cached(
        "SELECT id, target, email, subject, file, line, state, asked_at, name, has_explicit_name, due_date
         FROM invites WHERE id = ?1",
    )?;
    // Two look-ups, because SQLite prepares a join again for each key.
    while let Some(id) = row_with_key(connection, key)? {
        let mut rows = statement.query([id])?;
        if let Some(row) = rows.next()?
            && let Some(number) = number_for(row, run, subject)?
        {
            let name: Option<String> = row.get(8)?;
            return Ok(Some(FoundRow {
                number,
                target: row.get(1)?,
                location: location(row, 4)?,
                state: row.get(6)?,
                asked_at: row.get(7)?,
                name: name.unwrap_or_default(),
                has_explicit_name: row.get(9)?,
                due_date: row.get(10)?,
            }));
        }
        key = next_key(key);
    }
    Ok(None)
}

/// Returns the id of the row that is stored with `key`.
pub(super) fn row_with_key(connection: &Connection, key: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT row FROM subjects WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

/// Returns the number of `row` if it is about this subject. The row's first columns are id, target, email and subject.
fn number_for(row: &Row<'_>, run: RunId, subject: Subject<'_>) -> rusqlite::Result<Option<u32>> {
    let same = match subject {
        Subject::Candidate { target, email, .. } => {
            let other = row.get_ref(2)?.as_str_or_null()?;
            row.get::<_, u32>(1)? == target
                && other.is_some_and(|other| other.eq_ignore_ascii_case(email))
        }
        Subject::Session(id) => row.get_ref(3)?.as_str_or_null()? == Some(id),
    };
    Ok(run.number_of(row.get(0)?).filter(|_| same))
}
