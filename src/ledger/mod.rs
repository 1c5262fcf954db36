//! The ledger: what was planned, what was sent, and what came of it, in one SQLite file that survives any end of the
//! process.
//!
//! Knows nothing of scripts, of the API or of the terminal: a run is a script's name and an address, a row is text.

mod candidate;
mod clerk;
mod desk;
mod drafting;
mod error;
mod health;
mod hold;
mod key;
mod removal;
mod revision;
mod rows;
mod runs;
mod schema;
mod store;
mod tally;

pub use self::candidate::Found;
pub use self::clerk::{Answered, Clerk, Pending, Take};
pub use self::drafting::{Drafting, Inserted, NewRow, Place};
pub use self::error::Error;
pub use self::health::Health;
pub use self::hold::{Hold, Holder};
pub use self::revision::Standing;
pub use self::rows::{Row, RowState, Rows};
pub use self::runs::{NewRun, Run, RunId, RunState, Target};
pub use self::store::Ledger;
pub use self::tally::Tally;
