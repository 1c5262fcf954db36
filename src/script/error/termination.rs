//! What ends a script early without being an error. `catch` does not catch it.

use rhai::{Dynamic, EvalAltResult, Position};

use crate::bulk::{ExecutionStatus, StopReason};
use crate::memory::MemoryLimit;

/// Why a script ended before its last line, although nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Termination {
    /// The script called `exit`. With `None`, the exit status follows from the results of the run.
    Exit(Option<u8>),
    /// The user interrupted it.
    Interrupted,
    /// A plan was rejected for its invalid rows.
    Rejected,
    /// The API refused the key or an assessment while a plan was being sent.
    Refused,
    /// The service was unreachable or out of order, or refused one row after another, while a plan was being sent.
    RepeatedFailures,
    /// The script waits for sessions to change, which never happens in a dry run.
    Waiting,
    /// The user did not confirm a plan.
    NotConfirmed,
    /// The script used more memory than it may.
    OutOfMemory(MemoryLimit),
    /// The script printed too much after its output was closed.
    UnreadOutput,
}

impl Termination {
    /// Returns how the script ends after a plan with this status; `None` if it continues.
    pub fn of(status: &ExecutionStatus) -> Option<Self> {
        match status {
            ExecutionStatus::Sent | ExecutionStatus::DryRun => None,
            ExecutionStatus::Rejected => Some(Self::Rejected),
            ExecutionStatus::Declined => Some(Self::NotConfirmed),
            ExecutionStatus::Stopped(StopReason::Interrupted) => Some(Self::Interrupted),
            ExecutionStatus::Stopped(StopReason::Refused(_) | StopReason::NoAssessment { .. }) => {
                Some(Self::Refused)
            }
            ExecutionStatus::Stopped(
                StopReason::RepeatedFailures { .. } | StopReason::NotListed(_),
            ) => Some(Self::RepeatedFailures),
        }
    }
}

impl From<Termination> for Box<EvalAltResult> {
    /// Rhai's `catch` does not catch `ErrorTerminated`.
    fn from(termination: Termination) -> Self {
        EvalAltResult::ErrorTerminated(Dynamic::from(termination), Position::NONE).into()
    }
}
