//! The tables, and the check that a database has them.

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

use super::assessments;
use crate::sandbox::error::Error;
use crate::sandbox::samples::{SAMPLES, SAMPLES_CREATED};

/// Marks a database as the sandbox's: `gbsx` in ASCII.
const APPLICATION_ID: i64 = 0x6762_7378;
/// The version of [`TABLES`].
const SCHEMA_VERSION: i64 = 1;

/// `sessions_by_assessment` contains everything that lists filter, count and page by, so that they read only the table rows that
/// they return.
const TABLES: &str = "
    CREATE TABLE clock (
        real INTEGER NOT NULL,
        sandbox INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE assessments (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        task_prompt TEXT NOT NULL,
        deliverable_type TEXT NOT NULL,
        task_time_minutes INTEGER NOT NULL,
        due_date TEXT,
        is_active INTEGER NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE candidates (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        email TEXT NOT NULL,
        email_key TEXT NOT NULL,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        deleted_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX live_candidates ON candidates (email_key) WHERE deleted_at IS NULL;
    CREATE INDEX deleted_candidates ON candidates (email_key) WHERE deleted_at IS NOT NULL;
    CREATE TABLE sessions (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        assessment_seq INTEGER NOT NULL REFERENCES assessments (seq),
        candidate_seq INTEGER NOT NULL REFERENCES candidates (seq),
        token TEXT NOT NULL,
        seed INTEGER NOT NULL,
        due_date TEXT,
        created_at INTEGER NOT NULL,
        setup_at INTEGER NOT NULL,
        task_at INTEGER NOT NULL,
        submitted_at INTEGER NOT NULL,
        scored_at INTEGER
    ) STRICT;
    CREATE INDEX sessions_by_candidate ON sessions (candidate_seq, assessment_seq);
    CREATE INDEX sessions_by_assessment
        ON sessions (assessment_seq, seq, setup_at, task_at, submitted_at, scored_at);
";

/// Checks that the database belongs to a sandbox of this version; an empty one gets its tables.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let (application, version, tables) = identity(connection).map_err(|source| {
        if source.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
            Error::Foreign {
                path: path.to_owned(),
            }
        } else {
            Error::Database {
                path: path.to_owned(),
                source,
            }
        }
    })?;
    match (application, version) {
        (APPLICATION_ID, SCHEMA_VERSION) => Ok(()),
        (APPLICATION_ID, found) if found > SCHEMA_VERSION => Err(Error::Newer {
            path: path.to_owned(),
            found,
            known: SCHEMA_VERSION,
        }),
        (0, 0) if tables == 0 => create(connection).map_err(|source| Error::Database {
            path: path.to_owned(),
            source,
        }),
        _ => Err(Error::Foreign {
            path: path.to_owned(),
        }),
    }
}

/// Empties all tables and puts the samples back.
pub(super) fn clear(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(
        "DELETE FROM sessions; DELETE FROM candidates; DELETE FROM assessments; DELETE FROM clock;",
    )?;
    insert_samples(&transaction)?;
    transaction.commit()?;
    connection.execute_batch("VACUUM")
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    insert_samples(&transaction)?;
    transaction.commit()
}

fn insert_samples(connection: &Connection) -> rusqlite::Result<()> {
    SAMPLES
        .iter()
        .try_for_each(|sample| assessments::insert(connection, sample, SAMPLES_CREATED))
}

fn identity(connection: &Connection) -> rusqlite::Result<(i64, i64, i64)> {
    Ok((
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?,
        connection.pragma_query_value(None, "user_version", |row| row.get(0))?,
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?,
    ))
}
