//! Opening the ledger: its file, which is private to its user, and its connections.

use std::fs;
use std::io::{self, Read as _};
use std::path::{self, Path, PathBuf};
use std::time::Duration;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags, ffi};

use super::open_file::OpenFile;
use super::schema::migrate;
use super::truncation::is_truncated;
use super::{Error, schema};
use crate::private_file;

/// How long a statement waits for another process to release the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// The first bytes of every SQLite database.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// How much of the file each connection caches, in KiB. Rows are written and read in order, so more would not help.
const CACHE_KIB: i64 = 8 * 1024;
/// Page size in bytes: twice SQLite's default, so that a plan splits, logs and copies half as many pages.
const PAGE_SIZE: i64 = 8 * 1024;
/// How many pages the write-ahead log holds before they are copied into the file: 32 MiB.
const CHECKPOINT_PAGES: i64 = 4 * 1024;
/// The size to which the write-ahead log is truncated afterwards, in bytes.
const WAL_SIZE_LIMIT: i64 = 32 * 1024 * 1024;

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    pub path: PathBuf,
    pub(super) connection: Connection,
    /// The file that the connection has open.
    pub(super) open_file: OpenFile,
}

impl Ledger {
    /// Opens the ledger at `path`. Creates an empty one, readable by its user only, if there is none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        create_private_file(path)?;
        let connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        let open_file = OpenFile::at(path).map_err(Error::unusable(path))?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            open_file,
        })
    }

    /// Opens the ledger at `path`, or returns `None` if the file does not exist.
    pub fn open_existing(path: &Path) -> Result<Option<Self>, Error> {
        match fs::metadata(path) {
            Ok(_) => Self::open(path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::unusable(path)(error)),
        }
    }

    /// Opens another connection to the same file, for use on another thread.
    pub(super) fn connect(&self) -> Result<Connection, Error> {
        self.ensure_in_place()?;
        let connection = connect(&self.path, OpenFlags::empty());
        // The file may have been moved in the meantime.
        self.ensure_in_place()?;
        connection
    }

    pub(super) fn database_error(&self) -> impl Fn(rusqlite::Error) -> Error + '_ {
        |source| Error::database(&self.path, source)
    }
}

fn connect(path: &Path, create: OpenFlags) -> Result<Connection, Error> {
    let database = |source| Error::database(path, source);
    // `:memory:` and `file:…` would mean something else to SQLite.
    let unwanted = OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE;
    let flags = OpenFlags::default().difference(unwanted) | create;
    let file = path::absolute(path).map_err(Error::unusable(path))?;
    let mut connection = Connection::open_with_flags(&file, flags).map_err(database)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(database)?;
    // Affects an empty file only; any other keeps its page size.
    connection
        .pragma_update(None, "page_size", PAGE_SIZE)
        .map_err(database)?;
    let version = schema::version(&connection, path)?;
    let is_truncated = is_truncated(&file).map_err(Error::unusable(path))?;
    if is_truncated {
        let corrupt = ffi::Error::new(ffi::SQLITE_CORRUPT);
        return Err(database(rusqlite::Error::SqliteFailure(corrupt, None)));
    }
    // Before the tables are created: in WAL mode that does not wait for the disk.
    configure(&connection).map_err(database)?;
    if version < schema::SCHEMA_VERSION {
        migrate(&mut connection, &file)?;
    }
    Ok(connection)
}

/// `synchronous=NORMAL`: if the process is killed, everything committed is safe. A power failure may lose the last moments;
/// `send` repeats their requests.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    add_functions(connection)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", WAL_SIZE_LIMIT)
}

/// Adds the SQL function `contains(text, part)`, in which the case of `text` does not matter. That of SQLite knows only the letters of
/// ASCII.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("contains", 2, flags, |arguments| {
        let (text, part) = (arguments.get_raw(0), arguments.get_raw(1).as_str()?);
        let text = text.as_str_or_null()?;
        Ok(text.is_some_and(|text| text.to_lowercase().contains(part)))
    })
}

/// Creates the directory (0700) and an empty file (0600) if they do not exist. SQLite would make the file readable by
/// everyone, and it holds names, addresses and links.
fn create_private_file(path: &Path) -> Result<(), Error> {
    if let Some(directory) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        private_file::create_dir(directory).map_err(Error::unusable(directory))?;
    }
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            return Err(Error::unusable(path)(io::ErrorKind::IsADirectory.into()));
        }
        Ok(found) if !found.is_file() => return Err(not_a_ledger(path)),
        _ => {}
    }
    let mut start = Vec::new();
    private_file::open(path)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start))
        .map_err(Error::unusable(path))?;
    // SQLite treats a file that is too short for a database as empty, and would overwrite it.
    if start.is_empty() || start == MAGIC {
        Ok(())
    } else {
        Err(not_a_ledger(path))
    }
}

fn not_a_ledger(path: &Path) -> Error {
    Error::NotALedger {
        path: path.to_owned(),
    }
}
