//! What can go wrong with the ledger.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::{LockOwner, RunId, RunState};

/// A ledger that cannot be used, or does not hold what is asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file, or the directory it stands in, cannot be made or opened.
    #[error("cannot keep the ledger in `{}`: {source}", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is something else than a ledger.
    #[error("`{}` is no ledger of gradient-bulk", path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer program.
    #[error("the ledger `{}` has format {found}, and this program knows formats up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format found.
        found: i64,
        /// The newest format that is understood.
        known: i64,
    },
    /// Another process holds the file for longer than one waits.
    #[error("the ledger `{}` is locked by another process", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file's content makes no sense.
    #[error("the ledger `{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        source: rusqlite::Error,
    },
    /// There is no space left.
    #[error("no space is left for the ledger `{}`", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The file may not be written.
    #[error("the ledger `{}` cannot be written: {source}", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: rusqlite::Error,
    },
    /// Anything else that SQLite reports.
    #[error("the ledger `{}` failed: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What it reports.
        source: rusqlite::Error,
    },
    /// A plan has more rows than can be numbered.
    #[error("a run cannot have more than {} rows", u32::MAX)]
    TooManyRows,
    /// There is no such run.
    #[error("there is no run {run}")]
    NoRun {
        /// The number asked for.
        run: RunId,
    },
    /// There is no run at all.
    #[error("there are no runs yet")]
    NoRuns,
    /// There is nothing of the run to give up.
    #[error("run {run} is {state}, and has nothing left to send")]
    NothingLeft {
        /// The run.
        run: RunId,
        /// Its state.
        state: RunState,
    },
    /// A run in this state is not sent anyway.
    #[error("run {run} is {state}, and is not sent anyway")]
    NotSendable {
        /// The run.
        run: RunId,
        /// Its state.
        state: RunState,
    },
    /// Runs were deleted, and their rows may still be found in the file's unused parts.
    #[error("the rows are deleted, but parts of them may still stand in the file: {source}")]
    NotErased {
        /// Why they could not be cleared.
        source: Box<Self>,
    },
    /// Another process works on the run.
    #[error("run {run} is held by {lock_owner}")]
    RunLocked {
        /// The run.
        run: RunId,
        /// Who that is.
        lock_owner: LockOwner,
    },
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::File { .. } | Self::ReadOnly { .. } => {
                "`--ledger FILE` or `GRADIENT_BULK_HOME` puts it elsewhere"
            }
            Self::NotALedger { .. } => "name another file with `--ledger`, or move this one away",
            Self::Newer { .. } => "update gradient-bulk, or name another file with `--ledger`",
            Self::Locked { .. } => {
                "wait for the other process, or use a ledger of its own for this run: `--ledger FILE`"
            }
            Self::Damaged { .. } => {
                "keep a copy of the file: `sqlite3 FILE .recover` saves what can be read; `--ledger` names another one"
            }
            Self::DiskFull { .. } => {
                "free some space, or name a file elsewhere with `--ledger`; what was recorded is safe"
            }
            Self::NothingLeft { run, .. } | Self::NotSendable { run, .. } => {
                return Some(format!(
                    "`gradient-bulk runs {run} --delete` deletes it with its rows"
                ));
            }
            Self::NotErased { .. } => {
                "close other programs that use the ledger and free some space; then `sqlite3 FILE VACUUM` clears it, as does deleting the next run"
            }
            Self::NoRun { .. } => "`gradient-bulk runs` lists them",
            Self::NoRuns => "a script begins one when it invites: `gradient-bulk run SCRIPT`",
            Self::RunLocked { .. } => {
                "wait until it has ended; one process at a time works on a run"
            }
            Self::Database { .. } | Self::TooManyRows => return None,
        };
        Some(hint.to_owned())
    }

    /// Sorts what SQLite reports about the ledger at `path`.
    pub(super) fn database(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotALedger { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, source },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path, source }
            }
            _ => Self::Database { path, source },
        }
    }
}
