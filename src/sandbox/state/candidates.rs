//! Candidates, identified by their email address without regard to case.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use super::assessments::ORG_ID;
use super::select_query::{Listing, Page, SelectQuery};
use crate::sandbox::clock::{Millis, timestamp};
use crate::sandbox::seed::random_id;

const COLUMNS: &str = "SELECT c.id, c.email, c.name, c.created_at, c.seq";

/// A candidate as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Candidate {
    #[serde(skip)]
    pub(super) seq: i64,
    id: String,
    org_id: &'static str,
    email: String,
    name: String,
    created_at: Timestamp,
}

/// Lists candidates, newest first; with an assessment, only those with a session in it.
pub(crate) fn list(
    connection: &Connection,
    assessment: Option<String>,
    page: Page,
) -> rusqlite::Result<Listing<Candidate>> {
    let mut query = SelectQuery::of("candidates");
    query.require("deleted_at IS NULL");
    if let Some(id) = assessment {
        query.compare(
            "EXISTS (SELECT 1 FROM sessions WHERE candidate_seq = candidates.seq
                AND assessment_seq = (SELECT seq FROM assessments WHERE id = ?))",
            id,
        );
    }
    let view = format!("{COLUMNS} FROM page JOIN candidates c USING (seq)");
    query.page(connection, &view, page, from_row)
}

/// Returns the candidate with this id, unless deleted.
pub(crate) fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<Candidate>> {
    select(connection, "id = ?1 AND deleted_at IS NULL", id)
}

/// Returns the candidate with this address, unless deleted.
pub(crate) fn find_by_email(
    connection: &Connection,
    email: &str,
) -> rusqlite::Result<Option<Candidate>> {
    select(
        connection,
        "email_key = ?1 AND deleted_at IS NULL",
        &email.to_lowercase(),
    )
}

/// Returns the candidate with this address; an unknown one is added.
///
/// A deleted candidate is restored with the new name, because their sessions are kept, and an active one must be found again.
pub(super) fn find_or_add(
    connection: &Connection,
    email: &str,
    name: &str,
    now: Millis,
) -> rusqlite::Result<Candidate> {
    if let Some(candidate) = find_by_email(connection, email)? {
        return Ok(candidate);
    }
    let key = email.to_lowercase();
    let restored = connection
        .prepare_cached(
            "UPDATE candidates SET deleted_at = NULL, name = ?2 WHERE seq =
                (SELECT max(seq) FROM candidates WHERE email_key = ?1 AND deleted_at IS NOT NULL)",
        )?
        .execute(params![key, name])?;
    if restored == 0 {
        connection
            .prepare_cached(
                "INSERT INTO candidates (id, email, email_key, name, created_at)
                    VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![random_id(connection)?, email, key, name, now])?;
    }
    find_by_email(connection, email)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Changes a candidate's name and address, if given.
pub(crate) fn update(
    connection: &Connection,
    id: &str,
    name: Option<&str>,
    email: Option<&str>,
) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE candidates SET name = coalesce(?2, name), email = coalesce(?3, email),
            email_key = coalesce(?4, email_key) WHERE id = ?1",
        params![id, name, email, email.map(str::to_lowercase)],
    )?;
    Ok(())
}

/// Deletes a candidate softly. Returns whether there was one.
pub(crate) fn delete(connection: &Connection, id: &str, now: Millis) -> rusqlite::Result<bool> {
    let deleted = connection.execute(
        "UPDATE candidates SET deleted_at = ?2 WHERE id = ?1 AND deleted_at IS NULL",
        params![id, now],
    )?;
    Ok(deleted > 0)
}

impl Candidate {
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.seq == other.seq
    }
}

fn select(
    connection: &Connection,
    condition: &str,
    value: &str,
) -> rusqlite::Result<Option<Candidate>> {
    connection
        .prepare_cached(&format!("{COLUMNS} FROM candidates c WHERE {condition}"))?
        .query_row([value], from_row)
        .optional()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        seq: row.get(4)?,
        id: row.get(0)?,
        org_id: ORG_ID,
        email: row.get(1)?,
        name: row.get(2)?,
        created_at: timestamp(row.get(3)?),
    })
}
