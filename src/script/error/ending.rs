//! Ends of a script that it cannot catch.

use rhai::{Dynamic, EvalAltResult, Position};

use crate::bulk::{End, Stop};

/// Why a script ended before its last line without being wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
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

impl Ending {
    /// Returns how whoever began a plan ends where the plan ended so; `None` where they go on.
    #[must_use]
    pub fn of(end: &End) -> Option<Self> {
        match end {
            End::Sent | End::DryRun => None,
            End::Rejected => Some(Self::Rejected),
            End::Declined => Some(Self::NotConfirmed),
            End::Stopped(Stop::Interrupted) => Some(Self::Interrupted),
            End::Stopped(Stop::Refused(_) | Stop::NoAssessment { .. }) => Some(Self::Refused),
            End::Stopped(Stop::Outage { .. }) => Some(Self::Outage),
        }
    }
}

impl From<Ending> for Box<EvalAltResult> {
    /// `ErrorTerminated` is the error that Rhai's `catch` lets pass.
    fn from(ending: Ending) -> Self {
        EvalAltResult::ErrorTerminated(Dynamic::from(ending), Position::NONE).into()
    }
}
