//! Whether the file is sound.

use std::fs;
use std::path::Path;

use super::{Error, Ledger, schema};

/// What an examination found.
#[derive(Clone, Debug)]
pub struct IntegrityReport {
    /// How many runs there are.
    pub runs: u64,
    /// The size of the file with its log, in bytes.
    pub bytes: u64,
    /// The version of its tables.
    pub format: i64,
    /// Whether other users of the machine can read the file.
    pub is_readable_by_others: bool,
    /// What is damaged, at most ten things.
    pub integrity_errors: Vec<String>,
}

impl Ledger {
    /// Reads the whole file and tells whether it is sound.
    ///
    /// # Errors
    /// It cannot be read that far.
    pub fn check_integrity(&self) -> Result<IntegrityReport, Error> {
        let database_error = self.database_error();
        let found = self
            .connection()
            .prepare("PRAGMA integrity_check(10)")
            .and_then(|mut check| {
                let lines = check.query_map([], |row| row.get::<_, String>(0))?;
                lines.collect::<rusqlite::Result<Vec<String>>>()
            });
        let integrity_errors = found.map_err(&database_error)?;
        let count = self
            .connection()
            .query_row("SELECT count(*) FROM runs", [], |row| row.get(0));
        let size = |end: &str| {
            let mut name = self.path().as_os_str().to_owned();
            name.push(end);
            fs::metadata(name).map_or(0, |found| found.len())
        };
        Ok(IntegrityReport {
            runs: count.map_err(&database_error)?,
            bytes: size("") + size("-wal"),
            format: schema::version(self.connection(), self.path())?,
            is_readable_by_others: is_readable_by_others(self.path()),
            integrity_errors: integrity_errors
                .into_iter()
                .filter(|line| line != "ok")
                .collect(),
        })
    }
}

/// Tells whether others than its user can read the file at `path`.
#[cfg(unix)]
fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// Windows keeps what lies below a user's profile to that user, and has no mode.
#[cfg(not(unix))]
fn is_readable_by_others(_path: &Path) -> bool {
    false
}
