//! Ends of a script that it cannot catch.

use rhai::{Dynamic, EvalAltResult, Position};

use crate::bulk::{ExecutionStatus, StopReason};

/// Why a script ended before its last line without being wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Termination {
    /// It called `exit`; with `None` the status is that of the work done.
    Exit(Option<u8>),
    /// The user interrupted it.
    Interrupted,
    /// A plan with invalid rows was refused.
    Rejected,
    /// The API refused the key or an assessment while a plan was sent.
    Refused,
    /// The service could not be reached, or was broken, while a plan was sent.
    Outage,
    /// A dry run: the script waits for sessions to change.
    Waiting,
    /// Nobody agreed to a plan.
    NotConfirmed,
    /// It used more memory than a script may.
    OutOfMemory,
}

impl Termination {
    /// Returns how whoever began a plan ends where the plan ended so; `None` where they go on.
    #[must_use]
    pub fn of(end: &ExecutionStatus) -> Option<Self> {
        match end {
            ExecutionStatus::Sent | ExecutionStatus::DryRun => None,
            ExecutionStatus::Rejected => Some(Self::Rejected),
            ExecutionStatus::Declined => Some(Self::NotConfirmed),
            ExecutionStatus::Stopped(StopReason::Interrupted) => Some(Self::Interrupted),
            ExecutionStatus::Stopped(StopReason::Refused(_) | StopReason::NoAssessment { .. }) => {
                Some(Self::Refused)
            }
            ExecutionStatus::Stopped(StopReason::Outage { .. }) => Some(Self::Outage),
        }
    }
}

impl From<Termination> for Box<EvalAltResult> {
    /// `ErrorTerminated` is the error that Rhai's `catch` lets pass.
    fn from(ending: Termination) -> Self {
        EvalAltResult::ErrorTerminated(Dynamic::from(ending), Position::NONE).into()
    }
}
