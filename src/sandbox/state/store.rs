//! The open database and the running clock, behind one lock.
//!
//! A request holds the lock for microseconds, so a plain mutex is fine in async handlers.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::{schema, sessions};
use crate::sandbox::clock::{Clock, ClockReading, Millis, TimeSource};
use crate::sandbox::error::Error;
use crate::session_status::SessionStatus;

/// How far in the future the stored clock reading is, in real time.
///
/// A server that is killed cannot store its time. So a reading from the near future is stored, and renewed before it is reached:
/// after a kill the clock starts there, and never shows an earlier time than before.
const STORE_AHEAD: Millis = 1_000;

/// Why the database cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the sandbox is shutting down")]
    Closed,
    #[error("the sandbox database failed: {0}")]
    Database(#[from] rusqlite::Error),
}

#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    /// `None` once closed: a connection that outlives the server must not touch what the next owner writes.
    open: Mutex<Option<OpenStore>>,
}

#[derive(Debug)]
struct OpenStore {
    connection: Connection,
    time: ActiveClock,
}

#[derive(Debug)]
enum ActiveClock {
    Builtin {
        clock: Clock,
        stored_ahead: ClockReading,
    },
    External(TimeSource),
}

impl Store {
    /// Opens a database, and starts its clock unless there is a `time_source`. An empty file becomes a new sandbox.
    pub(crate) fn open(
        path: &Path,
        speed: f64,
        time_source: Option<TimeSource>,
    ) -> Result<Self, Error> {
        let connection = connect(path)?;
        let time = if let Some(time_source) = time_source {
            ActiveClock::External(time_source)
        } else {
            let reading = resume_clock(&connection).map_err(database_error(path))?;
            ActiveClock::Builtin {
                clock: Clock::new(reading, speed),
                stored_ahead: reading,
            }
        };
        let open = OpenStore { connection, time };
        Ok(Self {
            path: path.to_owned(),
            open: Mutex::new(Some(open)),
        })
    }

    /// Empties a database. Its clock starts again at real time.
    pub(crate) fn reset(path: &Path) -> Result<(), Error> {
        let mut connection = connect(path)?;
        schema::clear(&mut connection).map_err(database_error(path))
    }

    /// Calls `read` with the current time.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection, Millis) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut guard = self.lock();
        let open = guard.as_mut().ok_or(StoreError::Closed)?;
        let now = open.now()?;
        Ok(read(&open.connection, now)?)
    }

    /// Calls `write` with the current time, in a transaction that is rolled back if it fails.
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        write: impl FnOnce(&Connection, Millis) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut guard = self.lock();
        let open = guard.as_mut().ok_or(StoreError::Closed)?;
        let now = open.now().map_err(StoreError::from)?;
        let transaction = open
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let written = write(&transaction, now)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(written)
    }

    /// Puts the candidate's latest session into a status, and keeps it there. Returns whether there is a session.
    pub(crate) fn force_status(&self, email: &str, status: SessionStatus) -> Result<bool, Error> {
        let mut guard = self.lock();
        let Some(open) = guard.as_mut() else {
            return Ok(false);
        };
        let now = open.now().map_err(database_error(&self.path))?;
        sessions::force_status(&open.connection, email, status, now)
            .map_err(database_error(&self.path))
    }

    /// Stores the exact time and closes the database. Later requests fail.
    pub(crate) fn close(&self) -> Result<(), Error> {
        let Some(mut open) = self.lock().take() else {
            return Ok(());
        };
        if let ActiveClock::Builtin { clock, .. } = &mut open.time {
            let reading = clock.tick(real_time());
            store_reading(&open.connection, reading).map_err(database_error(&self.path))?;
        }
        open.connection
            .close()
            .map_err(|(_, source)| database_error(&self.path)(source))
    }

    fn lock(&self) -> MutexGuard<'_, Option<OpenStore>> {
        // A panic rolls back its transaction, so the state is valid even if the lock is poisoned.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenStore {
    fn now(&mut self) -> rusqlite::Result<Millis> {
        let (clock, stored_ahead) = match &mut self.time {
            ActiveClock::Builtin {
                clock,
                stored_ahead,
            } => (clock, stored_ahead),
            ActiveClock::External(time_source) => return Ok(time_source.now()),
        };
        let reading = clock.tick(real_time());
        if reading.sandbox >= stored_ahead.sandbox {
            *stored_ahead = clock.reading_at(reading.real.saturating_add(STORE_AHEAD));
            store_reading(&self.connection, *stored_ahead)?;
        }
        Ok(reading.sandbox)
    }
}

fn connect(path: &Path) -> Result<Connection, Error> {
    let mut connection = Connection::open(path).map_err(database_error(path))?;
    connection
        .busy_timeout(Duration::from_secs(5))
        .map_err(database_error(path))?;
    schema::prepare(&mut connection, path)?;
    configure(&connection).map_err(database_error(path))?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // An invite changes many pages, because ids are random: the default of 1000 would sync the disk every hundred invites.
    connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Returns the reading from which the clock continues, and stores it.
fn resume_clock(connection: &Connection) -> rusqlite::Result<ClockReading> {
    let real = real_time();
    let stored = connection
        .query_row("SELECT real, sandbox FROM clock", [], |row| {
            Ok(ClockReading {
                real: row.get(0)?,
                sandbox: row.get(1)?,
            })
        })
        .optional()?;
    let reading = stored
        .unwrap_or(ClockReading {
            real,
            sandbox: real,
        })
        .idle_until(real);
    store_reading(connection, reading)?;
    Ok(reading)
}

fn store_reading(connection: &Connection, reading: ClockReading) -> rusqlite::Result<()> {
    let values = params![reading.real, reading.sandbox];
    let mut update = connection.prepare_cached("UPDATE clock SET real = ?1, sandbox = ?2")?;
    if update.execute(values)? == 0 {
        connection.execute("INSERT INTO clock (real, sandbox) VALUES (?1, ?2)", values)?;
    }
    Ok(())
}

fn real_time() -> Millis {
    Timestamp::now().as_millisecond()
}

fn database_error(path: &Path) -> impl Fn(rusqlite::Error) -> Error + '_ {
    |source| Error::Database {
        path: path.to_owned(),
        source,
    }
}
