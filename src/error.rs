//! The error a command ends with: its exit status and its hints. What is wrong stays in the error of the module that
//! found it.

use std::io;

use crate::{api, bulk, ledger, sandbox, script, settings, survey, table};

/// How a process ends. The numbers are documented in `--help` and do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// All done.
    Success,
    /// A script error.
    ScriptError,
    /// Wrong usage, or a contradiction.
    Usage,
    /// Some rows failed.
    RowsFailed,
    /// The API refused the key, the access or the assessment.
    Refused,
    /// The plan was rejected; nothing was sent.
    Rejected,
    /// Nobody confirmed; nothing was sent.
    NotConfirmed,
    /// What was waited for did not come.
    WaitedInVain,
    /// Interrupted.
    Interrupted,
    /// What the script chose.
    Chosen(u8),
}

impl ExitStatus {
    /// Returns the number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::ScriptError => 1,
            Self::Usage => 2,
            Self::RowsFailed => 3,
            Self::Refused => 4,
            Self::Rejected => 5,
            Self::NotConfirmed => 6,
            Self::WaitedInVain => 7,
            Self::Interrupted => 130,
            Self::Chosen(code) => code,
        }
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Options, environment or key file.
    #[error(transparent)]
    Settings(#[from] settings::Error),
    /// The API.
    #[error(transparent)]
    Api(#[from] api::Error),
    /// The script.
    #[error(transparent)]
    Script(#[from] script::Error),
    /// The sandbox.
    #[error(transparent)]
    Sandbox(#[from] sandbox::Error),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The plan, or its sending.
    #[error(transparent)]
    Bulk(#[from] bulk::Error),
    /// What was asked about sessions.
    #[error(transparent)]
    Survey(#[from] survey::Error),
    /// A file of rows, or one that is written.
    #[error(transparent)]
    Table(#[from] table::Error),
    /// The platform gives no threads or signals.
    #[error("cannot start: {0}")]
    Start(#[source] io::Error),
    /// Standard output takes no more.
    #[error("cannot write the output: {0}")]
    Output(#[source] io::Error),
}

impl Error {
    /// Returns the exit status of a process that ends with this error.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Api(error) if error.is_refusal() => ExitStatus::Refused,
            Self::Api(
                api::Error::UnknownAssessment { .. } | api::Error::AmbiguousAssessment { .. },
            ) => ExitStatus::Refused,
            Self::Settings(_)
            | Self::Survey(_)
            | Self::Sandbox(sandbox::Error::Fault { .. } | sandbox::Error::Speed { .. })
            | Self::Script(script::Error::NoScript { .. } | script::Error::Unreadable { .. }) => {
                ExitStatus::Usage
            }
            Self::Script(script::Error::Failed(failure)) => of_failure(&failure.code),
            Self::Ledger(
                ledger::Error::NoRun { .. }
                | ledger::Error::NothingLeft { .. }
                | ledger::Error::NeverSent { .. },
            ) => ExitStatus::Usage,
            Self::Bulk(bulk::Error::NotSendable { .. }) => ExitStatus::Rejected,
            Self::Bulk(bulk::Error::Sessions(error)) if error.is_refusal() => ExitStatus::Refused,
            Self::Api(_)
            | Self::Sandbox(_)
            | Self::Ledger(_)
            | Self::Bulk(_)
            | Self::Table(_)
            | Self::Start(_)
            | Self::Output(_) => ExitStatus::ScriptError,
        }
    }

    /// Returns what the user can do about it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Settings(error) => error.hint().into_iter().collect(),
            Self::Api(error) => error.hint().into_iter().collect(),
            Self::Script(error) => error.hints(),
            Self::Sandbox(error) => error.hint().into_iter().collect(),
            Self::Ledger(error) => error.hint().into_iter().collect(),
            Self::Bulk(error) => error.hint().into_iter().collect(),
            Self::Survey(error) => vec![error.hint()],
            Self::Table(error) => error.hint().into_iter().collect(),
            Self::Start(_) | Self::Output(_) => Vec::new(),
        }
    }
}

/// The status of a script that ended with an error of this code.
fn of_failure(code: &str) -> ExitStatus {
    match code {
        "no_key"
        | "malformed_key"
        | "unauthorized"
        | "forbidden"
        | "unknown_assessment"
        | "ambiguous_assessment" => ExitStatus::Refused,
        "no_assessment" => ExitStatus::Usage,
        _ => ExitStatus::ScriptError,
    }
}
