//! Why a plan could not be made or sent.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::never_invite::NeverInviteError;
use crate::change_kind::ChangeKind;
use crate::{api, ledger};

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The ledger failed while a run was being sent.
    #[error("run {run} was stopped: {source}")]
    Unrecorded {
        run: ledger::RunId,
        source: ledger::Error,
    },
    /// Existing sessions cannot be listed, so it is not safe to invite anyone.
    #[error("cannot list the existing sessions: {0}")]
    Sessions(#[source] api::Error),
    /// Without its deadline, it is not known whether candidates could use their links.
    #[error("cannot look up the assessment: {0}")]
    Assessment(#[source] api::Error),
    /// Another process invites to the same assessment.
    #[error("{}`{label}` is in use by {holder}", after(*waited))]
    InUse {
        label: String,
        holder: String,
        waited: Duration,
    },
    #[error("cannot lock assessments in `{}`: {source}", directory.display())]
    LockFile {
        directory: PathBuf,
        source: io::Error,
    },
    #[error(transparent)]
    NeverInvite(#[from] NeverInviteError),
    /// Only invitations can be undone.
    #[error("run {run} cannot be undone: what it has {} does not come back", kind.done())]
    NotUndoable {
        run: ledger::RunId,
        kind: ChangeKind,
        /// The rest of it can be sent.
        has_rest: bool,
    },
    #[error("run {run} is {state} and cannot be sent")]
    NotSendable {
        run: ledger::RunId,
        state: ledger::RunState,
    },
}

impl Error {
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Ledger(error) => error.hint(),
            Self::Unrecorded { source, .. } if source.is_lost() => source.hint(),
            Self::Unrecorded { run, source } => {
                let ledger_hint = source.hint().map(|hint| format!("{hint}; "));
                Some(format!(
                    "{}`gradient-bulk send {run}` with the same ledger repeats the requests without a recorded result",
                    ledger_hint.unwrap_or_default()
                ))
            }
            Self::Sessions(error) | Self::Assessment(error) => error.hint(),
            Self::InUse { .. } => Some(
                "only one process at a time can invite to an assessment, unless each sends another part of the list \
                 (`--shard I/N`); `--wait-lock SECONDS` waits"
                    .to_owned(),
            ),
            Self::LockFile { .. } => Some(
                "set `GRADIENT_BULK_HOME` to a directory on a local disk that you can write to".to_owned(),
            ),
            Self::NeverInvite(_) => Some(NeverInviteError::hint().to_owned()),
            Self::NotUndoable {
                run,
                has_rest: true,
                ..
            } => Some(format!("`gradient-bulk send {run}` continues with it")),
            Self::NotUndoable { kind, .. } => Some(match kind {
                ChangeKind::Revoke => {
                    "run the script that invited again: the candidates get new sessions and new emails"
                }
                ChangeKind::Invite | ChangeKind::Score => {
                    "only runs that invite can be undone"
                }
            }.to_owned()),
            Self::NotSendable { state, .. } => Some(match state {
                ledger::RunState::Planning => {
                    "its planning was interrupted, so not all rows were checked; run the script again".to_owned()
                }
                _ => "run the script again".to_owned(),
            }),
        }
    }
}

/// Returns how long was waited, if at all, as the start of a message.
fn after(waited: Duration) -> String {
    if waited.is_zero() {
        String::new()
    } else {
        format!("waited {} s: ", waited.as_secs_f64())
    }
}
