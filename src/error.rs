//! The error of a command: its exit status and its hints. The message is that of the module which found the error.

use std::io;

use crate::bulk::Counts;
use crate::error_code::ErrorCode;
pub use crate::exit_status::ExitStatus;
use crate::memory::MemoryLimit;
use crate::process_limits;
use crate::runtime::StartError;
use crate::script::{ScriptOutcome, Termination};
use crate::{
    api, bulk, file_access, ledger, monitoring, reference, sandbox, script, settings, table,
    testing,
};

impl ExitStatus {
    /// Returns the exit status after a script that ended as `ended`, with these results of its rows.
    pub fn for_script(
        ended: &Result<ScriptOutcome, Error>,
        counts: &Result<Counts, ledger::Error>,
    ) -> Self {
        match (ended, counts) {
            (Ok(ended), Ok(counts)) => Self::for_end(*ended, *counts),
            (Err(error), _) => error.exit_status(),
            (_, Err(_)) => Self::ScriptError,
        }
    }

    /// Returns the exit status after a script that ended as `ended` without an error.
    pub fn for_end(ended: ScriptOutcome, counts: Counts) -> Self {
        match ended {
            ScriptOutcome::Terminated(Termination::Exit(Some(status))) => Self::Custom(status),
            ScriptOutcome::Terminated(Termination::Interrupted) => Self::Interrupted,
            ScriptOutcome::Terminated(Termination::Refused) => Self::Refused,
            ScriptOutcome::Terminated(Termination::Rejected) => Self::Rejected,
            ScriptOutcome::Terminated(Termination::NotConfirmed) => Self::NotConfirmed,
            ScriptOutcome::Terminated(Termination::OutOfMemory(_) | Termination::UnreadOutput) => {
                Self::ScriptError
            }
            ScriptOutcome::Terminated(Termination::RepeatedFailures) => Self::RowsFailed,
            ScriptOutcome::Finished
            | ScriptOutcome::Terminated(Termination::Exit(None) | Termination::Waiting) => {
                let wrong = counts.failed + counts.invalid + counts.unclear;
                if wrong > 0 || counts.was_stopped {
                    Self::RowsFailed
                } else {
                    Self::Success
                }
            }
        }
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Settings(#[from] settings::Error),
    #[error(transparent)]
    Api(#[from] api::Error),
    #[error(transparent)]
    Script(#[from] script::Error),
    #[error(transparent)]
    Reference(#[from] reference::UnknownName),
    #[error(transparent)]
    Sandbox(#[from] sandbox::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Bulk(#[from] bulk::Error),
    #[error(transparent)]
    Testing(#[from] testing::Error),
    #[error(transparent)]
    Monitoring(#[from] monitoring::Error),
    #[error(transparent)]
    FileAccess(#[from] file_access::Error),
    #[error(transparent)]
    Table(#[from] table::Error),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("a single step of the script uses more than {0} of memory")]
    Memory(MemoryLimit),
    #[error("cannot read the input: {0}")]
    Input(#[source] io::Error),
    #[error("cannot use the terminal: {0}")]
    Terminal(#[source] io::Error),
    #[error("cannot write the output: {0}")]
    Output(#[source] io::Error),
}

impl Error {
    /// Returns the exit status of a process that ends with this error.
    pub fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Settings(_)
            | Self::FileAccess(_)
            | Self::Reference(_)
            | Self::Testing(
                testing::Error::NoDirectory { .. }
                | testing::Error::NoTests { .. }
                | testing::Error::AllFiltered { .. },
            )
            | Self::Monitoring(_)
            | Self::Sandbox(sandbox::Error::Fault { .. } | sandbox::Error::Speed { .. })
            | Self::Script(
                script::Error::NoScript { .. }
                | script::Error::NotShipped { .. }
                | script::Error::IsDataFile { .. }
                | script::Error::IsKeyFile { .. }
                | script::Error::InvalidScriptName { .. }
                | script::Error::Exists { .. }
                | script::Error::NoScripts { .. }
                | script::Error::Unreadable { .. },
            )
            | Self::Bulk(bulk::Error::NeverInvite(_) | bulk::Error::NotUndoable { .. })
            | Self::Ledger(
                ledger::Error::NoRun { .. }
                | ledger::Error::NoRuns
                | ledger::Error::NothingLeft { .. }
                | ledger::Error::NotSendable { .. },
            ) => ExitStatus::Usage,
            Self::Script(script::Error::Failed(diagnostic)) => diagnostic
                .error_code()
                .map_or(ExitStatus::ScriptError, ErrorCode::exit_status),
            Self::Bulk(bulk::Error::NotSendable { .. }) => ExitStatus::Rejected,
            Self::Bulk(bulk::Error::InUse { .. }) => ExitStatus::WaitTimedOut,
            Self::Api(error)
            | Self::Bulk(bulk::Error::Sessions(error) | bulk::Error::Assessment(error))
                if error.is_auth_error() =>
            {
                ExitStatus::Refused
            }
            Self::Api(error)
            | Self::Bulk(bulk::Error::Sessions(error) | bulk::Error::Assessment(error)) => {
                error.error_code().exit_status()
            }
            Self::Script(script::Error::Unwritable { .. } | script::Error::MultipleErrors(_))
            | Self::Sandbox(_)
            | Self::Testing(_)
            | Self::Ledger(_)
            | Self::Bulk(_)
            | Self::Table(_)
            | Self::Start(_)
            | Self::Memory(_)
            | Self::Input(_)
            | Self::Terminal(_)
            | Self::Output(_) => ExitStatus::ScriptError,
        }
    }

    /// Returns how to fix the error.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Settings(error) => error.hint().into_iter().collect(),
            Self::Api(error) => error.hint().into_iter().collect(),
            Self::Script(error) => error.hints(),
            Self::Reference(unknown) => vec![unknown.hint()],
            Self::Sandbox(error) => error.hint().into_iter().collect(),
            Self::Ledger(error) => error.hint().into_iter().collect(),
            Self::Bulk(error) => error.hint().into_iter().collect(),
            Self::Testing(error) => error.hint().into_iter().collect(),
            Self::Monitoring(error) => vec![error.hint()],
            Self::Table(error) => error.hint().into_iter().collect(),
            Self::Memory(_) => vec![
                "let it work on less at a time, for example on the rows of `scan_csv` one by one".to_owned(),
                "or allow more memory with `--max-memory`; `gradient-bulk runs` lists what was planned and sent".to_owned(),
            ],
            Self::Start(StartError(source))
            | Self::Input(source)
            | Self::Terminal(source)
            | Self::Output(source) => process_limits::hint(source).into_iter().collect(),
            Self::FileAccess(_) => Vec::new(),
        }
    }
}

impl From<script::Diagnostic> for Error {
    fn from(diagnostic: script::Diagnostic) -> Self {
        Self::Script(diagnostic.into())
    }
}
