//! How the sessions of an assessment stand: how many are in which status, who is late, what changed since the last look.
//!
//! Values in, values out: it sends nothing, prints nothing, and is told the time.

mod changes;
mod deadlines;
mod error;
mod field;
mod funnel;
mod list_filter;
mod poll_interval;
mod progress;
mod sort_key;
mod status;
mod target_status;

pub use self::changes::{SessionChange, SessionEvent, changes};
pub use self::deadlines::Deadlines;
pub use self::error::Error;
pub use self::field::{Field, FieldValue};
pub use self::funnel::{Funnel, Stage};
pub use self::list_filter::ListFilter;
pub use self::poll_interval::PollInterval;
pub use self::progress::{display_name, is_unfinished, last_progress, latest_time};
pub use self::sort_key::{SortKey, sort};
pub use self::status::{normalize_status, status_text, statuses};
pub use self::target_status::TargetStatus;
