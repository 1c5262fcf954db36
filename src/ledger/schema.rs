//! The tables, and bringing an older ledger up to date, with a copy of it for the older program.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Error;
use crate::private_file;

/// Marks a file as a ledger: `gbld` in ASCII.
const APPLICATION_ID: i64 = 0x6762_6c64;

/// One migration per version: the first turns an empty file into a ledger of version 1, and so on.
///
/// `invites.id` is `run * 2^32 + number`, which keeps the rows of a run together and in order. `invites.key` identifies the
/// subject of a row that can be sent (see `subject.rs`), and `subjects` is the index of these keys: it prevents a second
/// invitation. `runs.asked_at` is when a request of the run may last have been sent, and `runs.timeout` its time limit in
/// milliseconds. `runs.again` and `runs.skip_invalid` are what the user decided. `invites.asked_at` is when the first request of a
/// row may have been sent, as long as it may have created a session that is not recorded. Times are milliseconds since 1970, UTC.
///
/// `runs.kind` is what is done to the rows. `runs.script_sha256` is that of the script's text, `os_user` the user who ran it, `key_prefix` the
/// beginning of the API key, and `confirmed_at` when the user agreed to the plan, for the first time.
///
/// `invites.subject` is the session that a row is about; null for an invitation, which is about a candidate. `invites.result` is what the
/// API answered, as JSON, if it is worth keeping.
///
/// `invites.name`, `has_explicit_name` and `due_date` are what a row asks for, and never change. `session_name` and `session_due_date`
/// are in force (see `session_terms.rs`); `session_due_date` is null if no session is known. `interpretations` is
/// JSON: how values were read for the row, if a person should see it before it is sent.
const MIGRATIONS: [&str; 3] = [
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
    "
    ALTER TABLE runs ADD COLUMN asked_at INTEGER;
    ALTER TABLE runs ADD COLUMN timeout INTEGER;
    ALTER TABLE runs ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN skip_invalid INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'invite';
    ALTER TABLE runs ADD COLUMN script_sha256 TEXT;
    ALTER TABLE runs ADD COLUMN os_user TEXT;
    ALTER TABLE runs ADD COLUMN key_prefix TEXT;
    ALTER TABLE runs ADD COLUMN confirmed_at INTEGER;
    ALTER TABLE invites ADD COLUMN asked_at INTEGER;
    ALTER TABLE invites ADD COLUMN has_explicit_name INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE invites ADD COLUMN session_name TEXT;
    ALTER TABLE invites ADD COLUMN session_due_date TEXT;
    ALTER TABLE invites ADD COLUMN subject TEXT;
    ALTER TABLE invites ADD COLUMN result TEXT;
    ALTER TABLE invites ADD COLUMN interpretations TEXT;
    CREATE TABLE subjects (key INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT;
    INSERT INTO subjects SELECT key, id FROM invites WHERE key IS NOT NULL ORDER BY key;
    DROP INDEX invites_once;
    UPDATE invites SET asked_at = (SELECT created_at FROM runs WHERE id = invites.id >> 32) WHERE state = 1;
    UPDATE runs SET asked_at = unixepoch() * 1000
        WHERE id IN (SELECT run FROM counts WHERE state = 1 AND count > 0);
",
];

#[expect(clippy::cast_possible_wrap, reason = "there are only a few migrations")]
pub(super) const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// Returns the schema version of the file, 0 if it is empty.
///
/// # Errors
/// [`Error::NotALedger`], or [`Error::Newer`] if a newer version of this program wrote it.
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

/// Runs all migrations after version `from`, in a transaction of the caller.
fn run_migrations(connection: &Connection, from: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(from).unwrap_or(0);
    for (number, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        connection.execute_batch(migration)?;
        connection.pragma_update(None, "user_version", number)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)
}

fn user_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Returns the application id, the schema version and the number of tables. Call it in a transaction: another process may
/// be turning the file into a ledger right now.
fn identity(connection: &Connection) -> rusqlite::Result<(i64, i64, i64)> {
    Ok((
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?,
        user_version(connection)?,
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?,
    ))
}

/// Runs all missing migrations or none. Another process may have run them since the version was read.
///
/// Before that, the file is copied to a file next to it: `ledger.db.v2` for format 2. An empty file is not copied.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let database = |source| Error::database(path, source);
    // Keeps other processes from writing and from migrating, but not from reading.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(database)?;
    let version = user_version(&transaction).map_err(database)?;
    if version == SCHEMA_VERSION {
        return Ok(());
    }
    if version > 0 {
        copy(path, version)?;
    }
    run_migrations(&transaction, version)
        .and_then(|()| transaction.commit())
        .map_err(database)
}

/// Copies the ledger, with what is still in its log. A copy that was cut short is written again.
fn copy(path: &Path, version: i64) -> Result<(), Error> {
    let (unfinished, copied) = (
        with_suffix(path, &format!(".v{version}.part")),
        with_suffix(path, &format!(".v{version}")),
    );
    let unusable = Error::unusable(&copied);
    let _ = fs::remove_file(&unfinished);
    // SQLite would make the file readable by everyone.
    private_file::open(&unfinished).map_err(&unusable)?;
    let write = || {
        let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        reader
            .execute("VACUUM INTO ?1", [unfinished.to_string_lossy()])
            .map(drop)
    };
    write().map_err(|source| Error::database(&copied, source))?;
    fs::rename(&unfinished, &copied).map_err(unusable)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
