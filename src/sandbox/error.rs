//! Errors of the sandbox itself. Error responses to requests are in `api_error`.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::faults::FaultSpecError;
use crate::session_status::SessionStatus;

/// Why the sandbox cannot be set up, started, joined, reset or stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot use `{}` for the sandbox", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("cannot use the sandbox database `{}`", path.display())]
    Database {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("`{}` is not a sandbox database", path.display())]
    Foreign { path: PathBuf },
    /// A later version of the sandbox has written the database.
    #[error("the sandbox database `{}` has schema version `{found}`, newer than `{known}`", path.display())]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("a sandbox already serves `{}`{}", data_dir.display(), at(*address))]
    Running {
        data_dir: PathBuf,
        /// `None` if it has only just started.
        address: Option<SocketAddr>,
    },
    #[error("cannot listen on port `{port}` of 127.0.0.1")]
    Port { port: u16, source: io::Error },
    #[error("the sandbox clock cannot run at speed `{speed}`")]
    Speed { speed: f64 },
    #[error(transparent)]
    Fault(#[from] FaultSpecError),
    /// Only the process that serves the sandbox can change sessions.
    #[error("another process serves the sandbox")]
    NotOwner,
    #[error("`{email}` has no session")]
    NoSession { email: String },
    #[error("no session can be put into the status `{name}`")]
    Status { name: String },
    #[error("the sandbox that serves `{}` does not answer", data_dir.display())]
    NotResponding { data_dir: PathBuf },
    #[error("the sandbox server stopped unexpectedly")]
    Stopped { source: tokio::task::JoinError },
}

impl Error {
    /// Returns what the user can do about the error.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::File { .. } => {
                "check that the directory is yours and writable, or choose another one".to_owned()
            }
            Self::Foreign { path } => {
                format!(
                    "move `{}` away, or choose another directory",
                    path.display()
                )
            }
            Self::Newer { path, .. } => format!(
                "update this program, or delete `{}` to start over",
                path.display()
            ),
            Self::Running { address, .. } => match address {
                Some(address) => format!("use it at http://{address}, or stop it first"),
                None => "use it, or stop it first".to_owned(),
            },
            Self::Port { .. } => "choose another port, or 0 for any free one".to_owned(),
            Self::Speed { .. } => "the speed is a number from 1 (real time) to 1000000".to_owned(),
            Self::Fault(_) => FaultSpecError::hint(),
            Self::NotResponding { .. } => {
                "stop the process that serves it, then try again".to_owned()
            }
            Self::NoSession { .. } => "invite the candidate first".to_owned(),
            Self::Status { .. } => {
                let settable = SessionStatus::ALL
                    .iter()
                    .filter(|s| **s != SessionStatus::Scoring);
                let names: Vec<String> = settable.map(|s| format!("`{}`", s.name())).collect();
                format!("the statuses are {}", names.join(", "))
            }
            Self::Database { .. } | Self::Stopped { .. } | Self::NotOwner => return None,
        })
    }
}

fn at(address: Option<SocketAddr>) -> String {
    address.map_or_else(String::new, |address| format!(" at http://{address}"))
}
