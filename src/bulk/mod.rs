//! Bulk invites: a plan of everybody first, then the sending of it.
//!
//! Knows nothing of scripts and prints nothing: what happens is reported as [`Event`]s.

mod event;
mod invitation;
mod outcome;
mod plan;
mod send;

pub use self::event::Event;
pub use self::invitation::{Invitation, Problem, Request, Target};
pub use self::outcome::{Answer, Counts, Outcome, OutcomeRow};
pub use self::plan::{Draft, Origin, Plan, PlannedRow, Planner, Verdict};
pub use self::send::{Sending, Stop, invite_one, send};
