//! The open database and the running clock, behind one lock.
//!
//! A request holds the lock for microseconds, hence a plain mutex inside async handlers.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::{schema, sessions};
use crate::sandbox::api_error::ApiError;
use crate::sandbox::clock::{Clock, ClockReading, Millis, TimeSource};
use crate::sandbox::error::Error;
use crate::sandbox::lifecycle::Status;

/// How far ahead of itself the clock is stored, in real time.
///
/// A server that is killed cannot store its time. So a reading from the near future is stored, and
/// renewed before it is reached: after a kill the clock starts there, and nothing seen before is
/// ever undone.
const STORE_AHEAD: Millis = 1_000;

/// The state of one sandbox.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    // None once closed: a connection that outlives the server must not touch what the next owner
    // writes.
    open: Mutex<Option<OpenStore>>,
}

#[derive(Debug)]
struct OpenStore {
    connection: Connection,
    time: ActiveClock,
}

/// Who tells the time.
#[derive(Debug)]
enum ActiveClock {
    Builtin {
        clock: Clock,
        stored_ahead: ClockReading,
    },
    External(TimeSource),
}

impl Store {
    /// Opens a database and starts its clock, unless `time_source` tells the time; an empty file becomes a
    /// new sandbox.
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

    /// Empties a database, its clock included: sandbox time is real time again.
    pub(crate) fn reset(path: &Path) -> Result<(), Error> {
        let mut connection = connect(path)?;
        schema::clear(&mut connection).map_err(database_error(path))
    }

    /// Runs some reading with the time.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection, Millis) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut guard = self.lock();
        let open = guard.as_mut().ok_or_else(ApiError::shutting_down)?;
        let now = open.now()?;
        work(&open.connection, now)
    }

    /// Runs some writing with the time: all of it takes effect, or nothing if it fails.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Connection, Millis) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut guard = self.lock();
        let open = guard.as_mut().ok_or_else(ApiError::shutting_down)?;
        let now = open.now()?;
        let transaction = open
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcome = work(&transaction, now)?;
        transaction.commit()?;
        Ok(outcome)
    }

    /// Puts the latest session of a candidate into a status, where it stays; tells whether there is one.
    pub(crate) fn force_status(&self, email: &str, status: Status) -> Result<bool, Error> {
        let mut guard = self.lock();
        let Some(open) = guard.as_mut() else {
            return Ok(false);
        };
        let now = open.now().map_err(database_error(&self.path))?;
        sessions::force_status(&open.connection, email, status, now)
            .map_err(database_error(&self.path))
    }

    /// Stores the exact time and closes the database; requests are refused from now on.
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
        // A transaction that a panic cut short was rolled back, so a poisoned state is a sound one.
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
    // An invite dirties many pages, because ids are random: the default of 1000 would sync the disk
    // every hundred invites.
    connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Returns where the clock goes on, and stores that.
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
