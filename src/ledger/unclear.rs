//! Rows whose result is unclear: the API may still carry out their last request.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;

use super::row::RowState;
use super::run::RunId;
use super::{Error, Ledger};

/// When a request of a run may last have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastActivity {
    pub at: Timestamp,
    /// The time limit of the request.
    pub timeout: Duration,
}

impl Ledger {
    /// Returns when a request of `run` may last have been sent; `None` if none was.
    pub fn last_activity(&self, run: RunId) -> Result<Option<LastActivity>, Error> {
        let (at, timeout): (Option<i64>, Option<u64>) = self
            .connection
            .query_row(
                "SELECT asked_at, timeout FROM runs WHERE id = ?1",
                [run.number()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(self.database_error())?;
        let at = at.and_then(|at| Timestamp::from_millisecond(at).ok());
        Ok(at.map(|at| LastActivity {
            at,
            timeout: Duration::from_millis(timeout.unwrap_or(0)),
        }))
    }

    /// Counts the rows of `run` that are in one of `states` and have a request that may still be carried out. That of a row that
    /// failed with a 500 or 503 is not: only its effect is unknown.
    pub fn count_unclear(&self, run: RunId, states: &[RowState]) -> Result<u64, Error> {
        self.connection
            .query_row(
                "SELECT count(*) FROM invites
                 WHERE id BETWEEN ?1 AND ?2 AND (1 << state) & ?3 AND asked_at IS NOT NULL
                   AND NOT (state = ?4 AND ifnull(status, 0) IN (500, 503))",
                params![
                    run.row(0),
                    run.row(u32::MAX),
                    RowState::bits(states),
                    RowState::Failed
                ],
                |row| row.get(0),
            )
            .map_err(self.database_error())
    }
}
