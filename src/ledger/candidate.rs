//! Finding the row of a candidate by assessment and address.
//!
//! Each row that can be sent has a key: a hash of its run, assessment and address. Two candidates may share one, so every
//! lookup compares the address and tries the next key if it differs. The run's bits lead, which keeps the keys of a run
//! together in the index.

use std::hash::Hasher as _;

use fnv::FnvHasher;
use rusqlite::{Connection, Row};

use super::row::{FileLocation, RowState, location};
use super::run::RunId;
use crate::time::DateTime;

/// Bits of the hash. The bits above identify the run, and the sign bit stays clear.
const HASH_BITS: u32 = 43;
const RUN_BITS: u32 = 20;

/// The row of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateRow {
    pub number: u32,
    pub location: Option<FileLocation>,
    pub state: RowState,
    /// When the first request may have been sent, if its end is unclear. Milliseconds since 1970.
    pub asked_at: Option<i64>,
    pub name: String,
    /// The name was given, not derived from the address.
    pub has_explicit_name: bool,
    pub due_date: Option<DateTime>,
}

/// The row that already has a candidate's address.
pub(super) struct ExistingRow {
    pub(super) number: u32,
    pub(super) location: Option<FileLocation>,
    pub(super) name: Option<String>,
}

/// Returns the first key to try for an address.
pub(super) fn first_key(run: RunId, assessment: &str, email: &str) -> i64 {
    let mut hasher = FnvHasher::default();
    hasher.write(assessment.as_bytes());
    hasher.write_u8(0);
    for byte in email.bytes() {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    let hash = hasher.finish();
    // The upper bits of FNV are weak, so they are folded into the lower ones.
    let hash = (hash ^ (hash >> HASH_BITS)) & ((1 << HASH_BITS) - 1);
    let run = run.number() & ((1 << RUN_BITS) - 1);
    (run << HASH_BITS) | i64::try_from(hash).unwrap_or(0)
}

/// Returns the key to try after `key`.
pub(super) fn next_key(key: i64) -> i64 {
    key.checked_add(1).unwrap_or(0)
}

/// Returns the row with this key if it is for the same candidate in the same run.
pub(super) fn find_by_key(
    connection: &Connection,
    run: RunId,
    key: i64,
    target: u32,
    email: &str,
) -> rusqlite::Result<Option<ExistingRow>> {
    let mut statement = connection
        .prepare_cached("SELECT id, target, email, file, line, name FROM invites WHERE key = ?1")?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let Some(number) = number_for(row, run, target, email)? else {
        return Ok(None);
    };
    Ok(Some(ExistingRow {
        number,
        location: location(row, 3)?,
        name: row.get(5)?,
    }))
}

/// Returns the row for a candidate.
pub(super) fn find(
    connection: &Connection,
    run: RunId,
    target: u32,
    assessment: &str,
    email: &str,
) -> rusqlite::Result<Option<CandidateRow>> {
    let mut key = first_key(run, assessment, email);
    let mut statement = connection.prepare_cached(
        "SELECT id, target, email, file, line, state, asked_at, name, has_explicit_name, due_date
         FROM invites WHERE key = ?1",
    )?;
    loop {
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        if let Some(number) = number_for(row, run, target, email)? {
            return Ok(Some(CandidateRow {
                number,
                location: location(row, 3)?,
                state: row.get(5)?,
                asked_at: row.get(6)?,
                name: row.get(7)?,
                has_explicit_name: row.get(8)?,
                due_date: row.get(9)?,
            }));
        }
        key = next_key(key);
    }
}

/// Returns the number of `row` if it is for this candidate. The row's first columns are id, target and email.
fn number_for(
    row: &Row<'_>,
    run: RunId,
    target: u32,
    email: &str,
) -> rusqlite::Result<Option<u32>> {
    let other = row.get_ref(2)?.as_str_or_null()?;
    let same = row.get::<_, u32>(1)? == target
        && other.is_some_and(|other| other.eq_ignore_ascii_case(email));
    Ok(run.number_of(row.get(0)?).filter(|_| same))
}
