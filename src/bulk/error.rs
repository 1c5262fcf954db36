//! Why a plan could not be made or sent.

use crate::{api, ledger};

/// Why a plan could not be made or sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The ledger failed while a run was sent.
    #[error("run {run} was stopped: {source}")]
    Unrecorded {
        /// The run.
        run: ledger::RunId,
        /// What happened.
        source: ledger::Error,
    },
    /// The API could not tell who has a session already, so nobody can be invited safely.
    #[error("cannot see who was invited before: {0}")]
    Sessions(#[source] api::Error),
    /// A run in this state is never sent.
    #[error("run {run} is {state}, and is not sent")]
    NotSendable {
        /// The run.
        run: ledger::RunId,
        /// Its state.
        state: ledger::RunState,
    },
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Ledger(error) => error.hint(),
            Self::Unrecorded { run, source } => {
                let hint_prefix = as_prefix(source.hint());
                Some(format!(
                    "{hint_prefix}`gradient-bulk send {run}`, with the same ledger, asks again for what was not recorded"
                ))
            }
            Self::Sessions(error) => error.hint(),
            Self::NotSendable { state, .. } => Some(match state {
                ledger::RunState::Planning => {
                    "its planning was cut short, so its rows were not all checked; run the script again".to_owned()
                }
                _ => "run the script again".to_owned(),
            }),
        }
    }
}

/// A hint as the beginning of a longer one.
fn as_prefix(hint: Option<String>) -> String {
    hint.map_or_else(String::new, |hint| format!("{hint}; "))
}
