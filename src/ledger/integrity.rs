//! The integrity check of the ledger file, for `doctor`.

use super::truncation::size;
use super::{Error, Ledger, schema};
use crate::private_file::exposure;

#[derive(Clone, Debug)]
pub struct IntegrityReport {
    pub runs: u64,
    /// The size of the file and its log.
    pub bytes: u64,
    /// The schema version.
    pub format: i64,
    pub is_readable_by_others: bool,
    /// At most ten.
    pub integrity_errors: Vec<String>,
}

impl Ledger {
    /// Reads the whole file and checks its structure.
    pub fn check_integrity(&self) -> Result<IntegrityReport, Error> {
        let database_error = self.database_error();
        let found = self
            .connection
            .prepare("PRAGMA integrity_check(10)")
            .and_then(|mut check| {
                let lines = check.query_map([], |row| row.get::<_, String>(0))?;
                lines.collect::<rusqlite::Result<Vec<String>>>()
            });
        let integrity_errors = found.map_err(&database_error)?;
        let count = self
            .connection
            .query_row("SELECT count(*) FROM runs", [], |row| row.get(0));
        Ok(IntegrityReport {
            runs: count.map_err(&database_error)?,
            bytes: size(&self.path, "") + size(&self.path, "-wal"),
            format: schema::version(&self.connection, &self.path)?,
            is_readable_by_others: exposure(&self.path).is_some(),
            integrity_errors: integrity_errors
                .into_iter()
                .filter(|line| line != "ok")
                .collect(),
        })
    }
}
