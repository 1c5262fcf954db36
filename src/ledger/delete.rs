//! Giving runs up, and deleting them so that nobody finds their rows in the file.

use rusqlite::{Connection, params};

use super::{Error, Ledger, RunId, RunState};

/// Rows that are deleted in one transaction: other processes get their turn in between.
const BATCH: u32 = 20_000;

impl Ledger {
    /// Gives up what `run`, which the caller holds, has not sent, and returns how many rows that are.
    ///
    /// # Errors
    /// Nothing of it is left to send, or the ledger cannot be written.
    pub fn discard(&self, run: RunId) -> Result<u64, Error> {
        let found = self.run(run)?;
        let state = found.state;
        if !state.can_be_sent() {
            return Err(Error::NotSendable { run, state });
        }
        if found.left() == 0 {
            return Err(Error::NothingLeft { run, state });
        }
        self.set_state(run, RunState::Discarded)?;
        Ok(found.left())
    }

    /// Deletes `run`, which the caller holds, with all of its rows; [`Ledger::vacuum`] clears the file of them afterwards.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn delete_run(&self, run: RunId) -> Result<(), Error> {
        self.set_state(run, RunState::Discarded)?;
        delete_rows(self.connection(), run).map_err(self.database_error())
    }

    /// Clears the file of what was deleted.
    ///
    /// Rows are overwritten as they are deleted. That leaves what moved from page to page while the file grew; only
    /// `VACUUM`, which writes the file anew, leaves nothing. After it the log is emptied, for it holds the old pages.
    ///
    /// # Errors
    /// It could not be cleared: the runs are deleted, and parts of their rows may still be found.
    pub fn vacuum(&self) -> Result<(), Error> {
        let not_erased = |source| Error::NotErased {
            source: Box::new(source),
        };
        let vacuum = || {
            self.connection().execute_batch("VACUUM")?;
            // Says that it was kept from its work in its result, not by an error.
            self.connection()
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        };
        let kept: bool = vacuum()
            .map_err(self.database_error())
            .map_err(not_erased)?;
        if kept {
            return Err(not_erased(Error::Locked {
                path: self.path().to_owned(),
            }));
        }
        Ok(())
    }
}

/// Deletes rows first and the run last: a deletion that is cut short can be repeated.
fn delete_rows(connection: &Connection, run: RunId) -> rusqlite::Result<()> {
    connection.pragma_update(None, "secure_delete", true)?;
    connection.execute("DELETE FROM counts WHERE run = ?1", [run.number()])?;
    let mut delete = connection.prepare(
        "DELETE FROM invites WHERE id IN (SELECT id FROM invites WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)",
    )?;
    while delete.execute(params![run.row(0), run.row(u32::MAX), BATCH])? > 0 {}
    connection
        .execute("DELETE FROM runs WHERE id = ?1", [run.number()])
        .map(drop)
}
