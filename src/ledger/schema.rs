//! The tables, and how an older ledger becomes one of this version.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::Error;

/// Marks a file as a ledger: `gbld` in ASCII.
const APPLICATION_ID: i64 = 0x6762_6c64;

/// One step for each version: the first makes an empty file a ledger of version 1, the next one of version 2.
///
/// `invites.id` is `run * 2^32 + number`, so that the rows of a run lie together in file order. `invites.key` is a hash of
/// run, assessment and lower-cased address of rows that can be sent (see `key.rs`): its index is what makes an address
/// stand once in a run. Times are milliseconds since 1970, UTC.
const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        state TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        script TEXT NOT NULL,
        arguments TEXT NOT NULL,
        directory TEXT NOT NULL,
        api_url TEXT NOT NULL,
        sandbox INTEGER NOT NULL,
        zone TEXT NOT NULL,
        shard TEXT
    ) STRICT;
    CREATE TABLE targets (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        assessment TEXT NOT NULL,
        label TEXT NOT NULL,
        PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE files (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        path TEXT NOT NULL,
        PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE counts (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        target INTEGER NOT NULL,
        state INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (run, target, state)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE invites (
        id INTEGER PRIMARY KEY,
        state INTEGER NOT NULL,
        target INTEGER NOT NULL,
        file INTEGER,
        line INTEGER,
        email TEXT,
        name TEXT,
        due_date TEXT,
        send_email INTEGER,
        source TEXT,
        key INTEGER,
        known INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        status INTEGER,
        invite_url TEXT,
        session TEXT,
        note TEXT,
        answered_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX invites_once ON invites (key) WHERE key IS NOT NULL;
",
    "ALTER TABLE runs ADD COLUMN reason TEXT;",
];

/// The version of this program.
#[expect(clippy::cast_possible_wrap, reason = "a handful of steps")]
pub(super) const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// Tells how many steps the file has taken; none, where it is empty.
///
/// # Errors
/// It is no ledger, or one of a newer program.
pub(super) fn version(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let (application, version, tables) = connection
        .unchecked_transaction()
        .and_then(|transaction| identity(&transaction))
        .map_err(|source| Error::database(path, source))?;
    match (application, version) {
        (APPLICATION_ID, found) if found > SCHEMA_VERSION => Err(Error::Newer {
            path: path.to_owned(),
            found,
            known: SCHEMA_VERSION,
        }),
        (APPLICATION_ID, 1..) => Ok(version),
        (0, 0) if tables == 0 => Ok(0),
        _ => Err(Error::NotALedger {
            path: path.to_owned(),
        }),
    }
}

/// Takes the steps that are missing, all or none; another process may have taken them meanwhile.
///
/// # Errors
/// The file cannot be written.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (_, version, _) = identity(&transaction)?;
    let done = usize::try_from(version).unwrap_or(0);
    for (number, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()
}

/// What tells what the file is. Read in one transaction, as another process may be making it a ledger at this moment.
fn identity(connection: &Connection) -> rusqlite::Result<(i64, i64, i64)> {
    Ok((
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?,
        connection.pragma_query_value(None, "user_version", |row| row.get(0))?,
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?,
    ))
}
