//! Deleting runs so that their rows cannot be found in the file any more.

use rusqlite::{Connection, params};

use super::run::{RunId, RunState};
use super::{Error, Ledger, subject};

/// How many rows one transaction deletes. Other processes can write between two transactions.
const BATCH: u32 = 20_000;

impl Ledger {
    /// Ends a run, which the caller has locked, after its planning failed for `reason`: deletes it if it has no rows, and
    /// rejects it otherwise. Returns whether it was kept.
    pub fn abandon(&self, run: RunId, reason: &str) -> Result<bool, Error> {
        if self.run(run)?.state_counts.total() == 0 {
            self.delete_run(run)?;
            return Ok(false);
        }
        self.reject(run, reason)?;
        Ok(true)
    }

    /// Deletes `run`, which the caller has locked, with all of its rows. Call [`Ledger::vacuum`] afterwards to remove what
    /// is left of them in the file.
    pub fn delete_run(&self, run: RunId) -> Result<(), Error> {
        self.set_state(run, RunState::Discarded)?;
        delete_rows(&self.connection, run).map_err(self.database_error())
    }

    /// Removes what deleted rows have left in the file.
    ///
    /// Rows are overwritten as they are deleted, but copies remain where SQLite moved them from page to page as the file
    /// grew. Only `VACUUM`, which rewrites the file, removes those. The log holds old pages too, so it is emptied.
    ///
    /// # Errors
    /// [`Error::NotErased`] if the file could not be rewritten. The runs are deleted even then.
    pub fn vacuum(&self) -> Result<(), Error> {
        let not_erased = |source| Error::NotErased {
            source: Box::new(source),
        };
        let vacuum = || {
            self.connection.execute_batch("VACUUM")?;
            // A checkpoint that was blocked by another process reports it in its result, not as an error.
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        };
        let is_blocked: bool = vacuum()
            .map_err(self.database_error())
            .map_err(not_erased)?;
        if is_blocked {
            return Err(not_erased(Error::Locked {
                path: self.path.clone(),
            }));
        }
        Ok(())
    }
}

/// Deletes the rows first and the run last, so that an interrupted deletion can be repeated.
fn delete_rows(connection: &Connection, run: RunId) -> rusqlite::Result<()> {
    connection.pragma_update(None, "secure_delete", true)?;
    connection.execute("DELETE FROM counts WHERE run = ?1", [run.number()])?;
    let keys = subject::keys(run);
    let (first, last) = (run.row(0), run.row(u32::MAX));
    let mut delete = connection.prepare(
        "DELETE FROM subjects WHERE key IN
         (SELECT key FROM subjects WHERE key BETWEEN ?1 AND ?2 AND row BETWEEN ?3 AND ?4 LIMIT ?5)",
    )?;
    while delete.execute(params![keys.start(), keys.end(), first, last, BATCH])? > 0 {}
    let mut delete = connection.prepare(
        "DELETE FROM invites WHERE id IN (SELECT id FROM invites WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)",
    )?;
    while delete.execute(params![first, last, BATCH])? > 0 {}
    connection
        .execute("DELETE FROM runs WHERE id = ?1", [run.number()])
        .map(drop)
}
