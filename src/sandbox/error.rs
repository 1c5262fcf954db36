//! What can go wrong around the sandbox itself. What it answers to a request is in `answer`.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::faults::FAULT_SPECS;
use super::lifecycle::Status;

/// Says why the sandbox could not be set up, started, joined, reset or ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or directory of the home cannot be used.
    #[error("cannot use `{}` for the sandbox", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database of the home cannot be used.
    #[error("cannot use the sandbox database `{}`", path.display())]
    Database {
        /// The database file.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// The file in the place of the database was not written by a sandbox.
    #[error("`{}` is not a sandbox database", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a later version of the sandbox.
    #[error("the sandbox database `{}` has schema version `{found}`, newer than `{known}`", path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The latest version this program knows.
        known: i64,
    },
    /// Another sandbox serves the home already.
    #[error("a sandbox already serves `{}`{}", data_dir.display(), at(*address))]
    Running {
        /// The home.
        data_dir: PathBuf,
        /// Where it listens, unless it has only just started.
        address: Option<SocketAddr>,
    },
    /// The wanted port cannot be listened on.
    #[error("cannot listen on port `{port}` of 127.0.0.1")]
    Port {
        /// The port; 0 for any free one.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The speed of the clock is not a number from 1 to 1,000,000.
    #[error("the sandbox clock cannot run at speed `{speed}`")]
    Speed {
        /// The speed asked for.
        speed: f64,
    },
    /// A text does not say which fault to show.
    #[error("cannot show the fault `{spec}`: {reason}")]
    Fault {
        /// The text.
        spec: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process serves the sandbox, and its sessions are not ours to move.
    #[error("another process serves the sandbox")]
    NotOwner,
    /// A candidate has no session.
    #[error("`{email}` has no session")]
    NoSession {
        /// The candidate's address.
        email: String,
    },
    /// No session can be put into this status.
    #[error("no session can be put into the status `{name}`")]
    Status {
        /// The status.
        name: String,
    },
    /// Another process holds the home but did not answer in time.
    #[error("the sandbox that serves `{}` does not answer", data_dir.display())]
    NotResponding {
        /// The home.
        data_dir: PathBuf,
    },
    /// The server task ended before it was told to.
    #[error("the sandbox server stopped unexpectedly")]
    Stopped {
        /// Why the task ended.
        source: tokio::task::JoinError,
    },
}

impl Error {
    /// Returns what the person can do about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File { .. } => Some(
                "check that the directory is yours and writable, or choose another home".to_owned(),
            ),
            Self::Foreign { path } => Some(format!(
                "move `{}` away or choose another home",
                path.display()
            )),
            Self::Newer { path, .. } => Some(format!(
                "update this program, or delete `{}` to begin anew",
                path.display()
            )),
            Self::Running { address, .. } => Some(match address {
                Some(address) => format!("use it at http://{address}, or stop it first"),
                None => "use it, or stop it first".to_owned(),
            }),
            Self::Port { .. } => Some("choose another port, or 0 for any free one".to_owned()),
            Self::Speed { .. } => {
                Some("the speed is a number from 1 (real time) to 1000000".to_owned())
            }
            Self::Fault { .. } => {
                let forms = FAULT_SPECS.map(|(form, _)| format!("`{form}`"));
                Some(format!("the faults are {}", forms.join(", ")))
            }
            Self::NotResponding { .. } => {
                Some("stop the process that serves it, then try again".to_owned())
            }
            Self::NoSession { .. } => Some("invite the candidate first".to_owned()),
            Self::Status { .. } => {
                let words = Status::ALL.iter().filter(|s| **s != Status::Scoring);
                let words: Vec<String> = words.map(|s| format!("`{}`", s.name())).collect();
                Some(format!("the statuses are {}", words.join(", ")))
            }
            Self::Database { .. } | Self::Stopped { .. } | Self::NotOwner => None,
        }
    }
}

fn at(address: Option<SocketAddr>) -> String {
    address.map_or_else(String::new, |address| format!(" at http://{address}"))
}
