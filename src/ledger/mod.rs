//! The ledger: what was planned, what was sent, and what came of it, in one SQLite file that survives any end of the
//! process.
//!
//! Knows nothing of scripts, of the API or of the terminal: a run is a script's name and an address, a row is text.

mod candidate;
mod delete;
mod error;
mod integrity;
mod key;
mod plan_writer;
mod recheck;
mod rows;
mod run_lock;
mod runs;
mod schema;
mod send_queue;
mod send_worker;
mod state_counts;
mod store;

pub use self::candidate::CandidateRow;
pub use self::error::Error;
pub use self::integrity::IntegrityReport;
pub use self::plan_writer::{FileLocation, InsertResult, NewRow, PlanWriter};
pub use self::recheck::ExistingSession;
pub use self::rows::{Row, RowIter, RowState};
pub use self::run_lock::{LockOwner, RunLock};
pub use self::runs::{Run, RunId, RunSpec, RunState, Target};
pub use self::send_queue::{PendingRow, RowResult, RowSelection, SendQueue};
pub use self::state_counts::StateCounts;
pub use self::store::Ledger;
