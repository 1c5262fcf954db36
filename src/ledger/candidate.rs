//! Finding the row of a candidate by assessment and address.

use rusqlite::{Connection, Row};

use super::{FileLocation, RowState, RunId, key};

/// A row of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CandidateRow {
    /// Its number.
    pub number: u32,
    /// Number of the file it came from, and its line there.
    pub location: Option<FileLocation>,
    /// The state it was in.
    pub state: RowState,
}

/// The row that an address stands in already.
pub(super) struct ExistingRow {
    pub(super) number: u32,
    pub(super) location: Option<FileLocation>,
    pub(super) name: Option<String>,
}

/// The row that has this key, if it is one of this run for the same candidate.
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
        location: location(row)?,
        name: row.get(5)?,
    }))
}

/// The number of a row that was found by its key, if it is one of this run for this candidate. Its first columns are id,
/// target, email, file and line.
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

fn location(row: &Row<'_>) -> rusqlite::Result<Option<FileLocation>> {
    let location: (Option<u32>, Option<u64>) = (row.get(3)?, row.get(4)?);
    Ok(location.0.zip(location.1))
}

/// The row for a candidate.
pub(super) fn find(
    connection: &Connection,
    run: RunId,
    target: u32,
    assessment: &str,
    email: &str,
) -> rusqlite::Result<Option<CandidateRow>> {
    let mut key = key::key(run, assessment, email);
    let mut statement = connection.prepare_cached(
        "SELECT id, target, email, file, line, state FROM invites WHERE key = ?1",
    )?;
    loop {
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        if let Some(number) = number_for(row, run, target, email)? {
            return Ok(Some(CandidateRow {
                number,
                location: location(row)?,
                state: row.get(5)?,
            }));
        }
        key = key::next(key);
    }
}
