//! Bulk invites: a plan of everybody first, then the sending of it.
//!
//! A plan is stored in the ledger row by row, judged, shown and agreed to; then it is sent from there. Knows nothing of
//! scripts and prints nothing: an [`Overseer`] sees the plan, answers, and is told what happens. `scoring` scores sessions
//! in the same way.

mod answer;
mod course;
mod error;
mod event;
mod invitation;
mod judge;
mod options;
mod outcome;
mod overseer;
mod plan;
mod planner;
mod remarks;
mod review;
mod scoring;
mod send;
mod shard;
mod sheet;
mod standing;
mod waiting;

pub use self::answer::{Answer, OtherDeadline, Stop};
pub use self::course::{Course, End, Ended};
pub use self::error::Error;
pub use self::event::{Event, Progress};
pub use self::invitation::{Draft, Invitation, Problem, Request, Target};
pub use self::judge::Source;
pub use self::options::Options;
pub use self::outcome::{Counts, Outcome, OutcomeRow};
pub use self::overseer::{Consent, Overseer};
pub use self::plan::{Earlier, Plan, PlannedRow, PlannedTarget, Rejection};
pub use self::planner::{Planned, Planner};
pub use self::remarks::{Noted, Origin, Remarks, Repeated};
pub use self::scoring::{Judged, Scorable, ScoreCounts, ScoringProgress, Verdict, score, select};
pub use self::shard::Shard;
pub use self::sheet::{Sheet, cell};
pub use self::standing::{Standings, standings};
pub use self::waiting::{Waiting, wait};
