//! Errors of the ledger.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::open_file::Displacement;
use super::run::{LockOwner, RunId, RunState};
use crate::process_limits;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("cannot keep the ledger in `{}`: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("`{}` is not a gradient-bulk ledger", path.display())]
    NotALedger { path: PathBuf },
    #[error("the ledger `{}` has format {found}, but this version reads formats up to {known}", path.display())]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// Another process kept the file locked for longer than we wait.
    #[error("the ledger `{}` is locked by another process", path.display())]
    Locked { path: PathBuf },
    #[error("the ledger `{}` is damaged", path.display())]
    Damaged {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("no space is left for the ledger `{}`", path.display())]
    DiskFull { path: PathBuf },
    #[error("the ledger `{}` cannot grow: `ulimit -f` allows files of {limit} bytes", path.display())]
    FileSizeLimit { path: PathBuf, limit: u64 },
    #[error("the ledger `{}` cannot be written: {source}", path.display())]
    ReadOnly {
        path: PathBuf,
        source: rusqlite::Error,
    },
    /// The file was moved, deleted or replaced while it was open.
    #[error("the ledger `{}` {}", path.display(), what_happened(displacement))]
    Displaced {
        path: PathBuf,
        displacement: Displacement,
    },
    /// A value that no version of gradient-bulk writes.
    #[error("cannot read {value} in the ledger `{}`", path.display())]
    UnreadableValue { path: PathBuf, value: String },
    /// Anything else that SQLite reports.
    #[error("the ledger `{}` failed: {source}", path.display())]
    Database {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("a run cannot have more than {} rows", u32::MAX)]
    TooManyRows,
    #[error("there is no run {run}")]
    NoRun { run: RunId },
    #[error("there are no runs yet")]
    NoRuns,
    #[error("run {run} is {state} and has nothing left to send")]
    NothingLeft { run: RunId, state: RunState },
    #[error("run {run} is {state} and cannot be sent")]
    NotSendable { run: RunId, state: RunState },
    /// Runs were deleted, but unused parts of the file may still hold their rows.
    #[error("the rows are deleted, but parts of them may still be in the file: {source}")]
    NotErased { source: Box<Self> },
    #[error("run {run} is in use by {lock_owner}")]
    RunLocked { run: RunId, lock_owner: LockOwner },
}

impl Error {
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::File { .. } | Self::ReadOnly { .. } => {
                "use `--ledger FILE` or set `GRADIENT_BULK_HOME` to keep it elsewhere"
            }
            Self::Displaced { path, displacement } => {
                return Some(displaced_hint(path, displacement));
            }
            Self::NotALedger { .. } => "pass another file with `--ledger`, or move this one away",
            Self::Newer { .. } => "update gradient-bulk, or pass another file with `--ledger`",
            Self::Locked { .. } => {
                "wait for the other process, or use a separate ledger for this run: `--ledger FILE`"
            }
            Self::UnreadableValue { .. } => {
                "another program has changed it; nothing is sent, so run the script again, with another ledger: `--ledger FILE`"
            }
            Self::Damaged { .. } => {
                "keep a copy of the file: `sqlite3 FILE .recover` saves what can be read; use another one with `--ledger`"
            }
            Self::DiskFull { .. } => "free some space; everything recorded so far is safe",
            Self::FileSizeLimit { .. } => {
                "raise the limit, for example with `ulimit -f unlimited`; everything recorded so far is safe"
            }
            Self::NothingLeft { run, .. } | Self::NotSendable { run, .. } => {
                return Some(format!(
                    "`gradient-bulk runs {run} --delete` deletes it with its rows"
                ));
            }
            Self::NotErased { .. } => {
                "close other programs that use the ledger and free some space, then run `sqlite3 FILE VACUUM`; deleting another run also clears the file"
            }
            Self::NoRun { .. } => "`gradient-bulk runs` lists them",
            Self::NoRuns => "a script creates one when it invites: `gradient-bulk run SCRIPT`",
            Self::RunLocked { .. } => {
                "wait until that process ends; only one process at a time can work on a run"
            }
            Self::Database { .. } | Self::TooManyRows => return None,
        };
        Some(hint.to_owned())
    }

    /// Returns whether the results are lost.
    pub fn is_lost(&self) -> bool {
        matches!(
            self,
            Self::Displaced {
                displacement: Displacement::Lost,
                ..
            }
        )
    }

    /// Returns a function that classifies what the system reports about the file at `path`.
    pub(super) fn unusable(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| {
            let path = path.clone();
            match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Self::DiskFull { path }
                }
                _ => Self::File { path, source },
            }
        }
    }

    /// Classifies what SQLite reports about the ledger at `path`.
    pub(super) fn database(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if let rusqlite::Error::FromSqlConversionFailure(_, _, reason) = &source {
            let value = reason.to_string();
            return Self::UnreadableValue { path, value };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotALedger { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, source },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path, source }
            }
            Some(ErrorCode::SystemIoFailure) => match reached_limit(&path) {
                Some(limit) => Self::FileSizeLimit { path, limit },
                None => Self::Database { path, source },
            },
            _ => Self::Database { path, source },
        }
    }
}

fn what_happened(displacement: &Displacement) -> String {
    match displacement {
        Displacement::Moved(path) => format!(
            "was moved to `{}` while it was in use; that file has all results",
            path.display()
        ),
        Displacement::Copied(copy) => format!(
            "was deleted or replaced while it was in use; `{}` is a copy with all results",
            copy.display()
        ),
        Displacement::Lost => {
            "was deleted or replaced while it was in use; its results are lost".to_owned()
        }
        Displacement::Returned => "was away for a while and is back; it has all results".to_owned(),
    }
}

fn displaced_hint(path: &Path, displacement: &Displacement) -> String {
    match displacement {
        Displacement::Moved(file) | Displacement::Copied(file) => format!(
            "move `{}` to `{}`, or pass it with `--ledger`",
            file.display(),
            path.display()
        ),
        Displacement::Lost => {
            "run the script again: candidates with an active session keep it".to_owned()
        }
        Displacement::Returned => "leave the file where it is while it is in use".to_owned(),
    }
}

/// Returns the limit for the size of files if the ledger at `path`, or one of its logs, has reached it. SQLite does not say so.
fn reached_limit(path: &Path) -> Option<u64> {
    /// SQLite writes at most this much at once.
    const LARGEST_WRITE: u64 = 65_536;
    let limit = process_limits::file_size()?;
    let size = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        fs::metadata(name).map_or(0, |file| file.len())
    };
    let mut sizes = ["", "-wal", "-shm", "-journal"]
        .iter()
        .map(|suffix| size(suffix));
    sizes
        .any(|size| size + LARGEST_WRITE > limit)
        .then_some(limit)
}
