//! Brings an older ledger up to date, and keeps a copy of it for the older program.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{Error, schema};
use crate::private_file;

/// Runs all missing migrations or none. Another process may have run them since the version was read.
///
/// Before that, the file is copied to a file next to it: `ledger.db.v2` for format 2. An empty file is not copied.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let database = |source| Error::database(path, source);
    // Keeps other processes from writing and from migrating, but not from reading.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(database)?;
    let version = schema::user_version(&transaction).map_err(database)?;
    if version == schema::SCHEMA_VERSION {
        return Ok(());
    }
    if version > 0 {
        copy(path, version)?;
    }
    schema::migrate(&transaction, version)
        .and_then(|()| transaction.commit())
        .map_err(database)
}

/// Copies the ledger, with what is still in its log. A copy that was cut short is written again.
fn copy(path: &Path, version: i64) -> Result<(), Error> {
    let (unfinished, copied) = (
        with_suffix(path, &format!(".v{version}.part")),
        with_suffix(path, &format!(".v{version}")),
    );
    let unusable = |source| Error::File {
        path: copied.clone(),
        source,
    };
    let _ = fs::remove_file(&unfinished);
    // SQLite would make the file readable by everyone.
    private_file::open(&unfinished).map_err(unusable)?;
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
