//! Monitors the sessions of an assessment: the number in each status, overdue candidates, and changes since the last poll.
//!
//! Pure functions: they send nothing, print nothing, and get the time as an argument.

mod changes;
mod deadlines;
mod error;
mod field;
mod funnel;
mod list_filter;
mod poll_interval;
mod progress;
mod status;

pub use self::changes::{SessionChange, changes};
pub use self::deadlines::Deadlines;
pub use self::error::Error;
pub use self::field::{Field, FieldValue};
pub use self::funnel::{Funnel, Stage};
pub use self::list_filter::{ListFilter, SortKey, sort};
pub use self::poll_interval::PollInterval;
pub use self::progress::{display_name, latest_time};
pub use self::status::{TargetStatus, normalize_status, status_text, statuses};
