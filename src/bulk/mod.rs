//! Bulk invites: a plan of everybody first, then the sending of it.
//!
//! A plan is stored in the ledger row by row, judged, shown and agreed to; then it is sent from there. Knows nothing of
//! scripts and prints nothing: an [`BulkFrontend`] sees the plan, answers, and is told what happens. `scoring` scores sessions
//! in the same way.

mod error;
mod event;
mod executor;
mod existing_sessions;
mod export;
mod frontend;
mod invitation;
mod options;
mod outcome;
mod plan;
mod planner;
mod recheck;
mod scoring;
mod send;
mod send_result;
mod shard;
mod throttling;
mod validator;
mod warnings;

pub use self::error::Error;
pub use self::event::{Event, Progress};
pub use self::executor::{Ended, ExecutionStatus, PlanExecutor};
pub use self::existing_sessions::{ExistingSessions, existing_sessions};
pub use self::export::{ExportColumns, cell};
pub use self::frontend::{BulkFrontend, Consent};
pub use self::invitation::{Invitation, InviteRequest, Problem, RowDecision, Target};
pub use self::options::Options;
pub use self::outcome::{Counts, Outcome, OutcomeRow};
pub use self::plan::{Plan, PlannedRow, PlannedTarget, Rejection, UnfinishedRun};
pub use self::planner::{Planned, Planner};
pub use self::scoring::{
    Scorable, ScoreCounts, ScoringProgress, ScoringResult, ScoringStatus, score, select,
};
pub use self::send_result::{DeadlineMismatch, SendResult, StopReason};
pub use self::shard::Shard;
pub use self::throttling::{Throttling, wait};
pub use self::validator::SourceJson;
pub use self::warnings::{DuplicateRow, RowOrigin, Sample, Warnings};
