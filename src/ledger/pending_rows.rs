//! Reading the rows to send.

use rusqlite::{Connection, Row};

use super::row::{PendingRow, RowState, location};
use super::run::RunId;
use super::send_channel::ParkedRow;
use super::session_terms::session_terms;

const SELECT: &str =
    "SELECT id, target, file, line, email, name, due_date, send_email, known, asked_at, state,
                              has_explicit_name, session_name, session_due_date, subject
                      FROM invites";
/// The position of the state in [`SELECT`].
const STATE: usize = 10;

/// Reads up to `limit` rows after the row `after` that are in one of `states`, as [`RowState::bits`].
pub(super) fn read_page(
    connection: &Connection,
    run: RunId,
    after: u32,
    states: i64,
    limit: usize,
) -> rusqlite::Result<Vec<(PendingRow, RowState)>> {
    connection
        .prepare_cached(&format!(
            "{SELECT} WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3 ORDER BY id LIMIT ?4"
        ))?
        .query_map((run.row(after), run.row(u32::MAX), states, limit), |row| {
            Ok((pending_row(run, row, 0)?, row.get(STATE)?))
        })?
        .collect()
}

pub(super) fn read_parked(
    connection: &Connection,
    run: RunId,
    parked: ParkedRow,
) -> rusqlite::Result<PendingRow> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
        .query_row([run.row(parked.number)], |row| {
            pending_row(run, row, parked.unclear_ends)
        })
}

fn pending_row(run: RunId, row: &Row<'_>, unclear_ends: u32) -> rusqlite::Result<PendingRow> {
    let (email, name): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(PendingRow {
        number: run.number_of(row.get(0)?).unwrap_or(0),
        target: row.get(1)?,
        location: location(row, 2)?,
        subject: row.get(14)?,
        email: email.unwrap_or_default(),
        name: name.unwrap_or_default(),
        has_explicit_name: row.get(11)?,
        due_date: row.get(6)?,
        session_terms: session_terms(row, 12)?,
        send_email: row.get(7)?,
        is_known: row.get(8)?,
        asked_at: row.get(9)?,
        unclear_ends,
    })
}
