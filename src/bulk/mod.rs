//! Bulk changes: a plan first, then the sending of it.
//!
//! `planner` checks rows and stores them in the ledger, `executor` shows the plan, asks for consent and sends it from there,
//! whatever the kind of change; `kinds` has what differs. This module knows nothing of scripts and prints nothing: a
//! [`BulkFrontend`] shows the plan, answers for the user, and receives events.

mod assessment_deadline;
mod assessment_lock;
mod difference_samples;
mod dispatcher;
mod error;
mod exclusive;
mod executor;
mod existing_sessions;
mod export;
mod frontend;
mod input_row;
mod interpretations;
mod invitation;
mod kinds;
mod lock_record;
mod never_invite;
mod options;
mod outcome;
mod plan;
mod planner;
mod problem;
mod recheck;
mod request_loop;
mod row_source;
mod sample;
mod send_attempt;
mod send_result;
mod send_run;
mod send_state;
mod session_differences;
mod session_recheck;
mod session_statuses;
mod shard;
mod shared_names;
mod unclear_ends;
mod undo;
mod validator;
mod wait;
mod warnings;

pub use self::assessment_deadline::AssessmentDeadline;
pub use self::assessment_lock::AssessmentLocks;
pub use self::difference_samples::{DifferenceGroup, DifferenceSamples, ResultDifferences};
pub use self::error::Error;
pub use self::exclusive::lock_run;
pub use self::executor::{ExecutionResult, ExecutionStatus, PlanExecutor, Retry};
pub use self::existing_sessions::{ExistingSessions, existing_sessions};
pub use self::export::{ExportColumns, cell_text};
pub use self::frontend::{BulkFrontend, Consent, Event, Progress};
pub use self::interpretations::{InterpretationGroup, Interpretations, describe_interpretation};
pub use self::invitation::{Invitation, InviteRequest, RowDecision, SessionRequest, Target};
pub use self::kinds::NO_SESSION;
pub use self::lock_record::user_name;
pub use self::never_invite::NeverInvite;
pub use self::options::{ChangeCount, ChangeLimit, Options};
pub use self::outcome::{Counts, Outcome, OutcomeRow, ScoreCounts};
pub use self::plan::{Plan, PlanRow, PlannedRow, Rejection};
pub use self::planner::Planner;
pub use self::problem::{GivenCandidate, Problem, ProblemKind, Problems};
pub use self::row_source::{CandidateColumns, RowSource, SourceJson};
pub use self::sample::{RowOrigin, Sample};
pub use self::send_result::{SendResult, StopReason, success_note};
pub use self::session_differences::{
    Announcement, Announcements, OF_CREATED, OF_EXISTING, SessionDifferences,
};
pub use self::shard::Shard;
pub use self::undo::check_undoable;
pub use self::validator::ValidatedPlan;
pub use self::wait::wait;
