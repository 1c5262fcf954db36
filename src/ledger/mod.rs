//! The ledger: planned, sent and answered changes in one SQLite file that survives a crash at any moment.
//!
//! It knows nothing of scripts, the API or the terminal. `run` and `row` hold the data, `store` opens the file, and each
//! other file is one kind of access to it.

mod companion;
mod delete;
mod displacement;
mod error;
mod integrity;
mod open_file;
mod pending_rows;
mod plan_writer;
mod recheck;
mod row;
mod rows;
mod run;
mod run_lock;
mod runs;
mod schema;
mod send_channel;
mod send_queue;
mod send_worker;
mod session_terms;
mod state_counts;
mod store;
mod subject;
mod subject_index;
mod truncation;
mod unclear;

pub use self::companion::is_companion;
pub use self::error::Error;
pub use self::plan_writer::{InsertResult, PlanWriter};
pub use self::row::{
    FileLocation, NewRow, PendingRow, Row, RowResult, RowState, interpretations_to_json,
};
pub use self::rows::RowIter;
pub use self::run::{Author, Decisions, LockOwner, RunId, RunSpec, RunState, Target};
pub use self::run_lock::RunLock;
pub use self::runs::Run;
pub use self::send_channel::{Handout, RecordedIn, RowSelection};
pub use self::send_queue::SendQueue;
pub use self::session_terms::{SessionDeadline, SessionTerms, is_same_name};
pub use self::store::Ledger;
pub use self::subject::FoundRow;
