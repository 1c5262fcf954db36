//! Ends of a script that it cannot catch.

use rhai::{Dynamic, EvalAltResult, Position};

/// Why a script ended before its last line without being wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It called `exit`; with `None` the status is that of the work done.
    Exit(Option<u8>),
    /// The user interrupted it.
    Interrupted,
    /// A plan with invalid rows was refused.
    Rejected,
    /// Nobody agreed to a plan.
    NotConfirmed,
    /// It used more memory than a script may.
    OutOfMemory,
}

impl From<Ending> for Box<EvalAltResult> {
    /// `ErrorTerminated` is the error that Rhai's `catch` lets pass.
    fn from(ending: Ending) -> Self {
        EvalAltResult::ErrorTerminated(Dynamic::from(ending), Position::NONE).into()
    }
}
