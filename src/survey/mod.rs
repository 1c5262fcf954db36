//! How the sessions of an assessment stand: how many are in which status, who is late, what changed since the last look.
//!
//! Values in, values out: it sends nothing, prints nothing, and is told the time.

mod changes;
mod deadlines;
mod error;
mod field;
mod funnel;
mod goal;
mod order;
mod progress;
mod rhythm;
mod selection;
mod status;

pub use self::changes::{Change, Event, changes};
pub use self::deadlines::Deadlines;
pub use self::error::Error;
pub use self::field::{Content, Field};
pub use self::funnel::{Funnel, Stage};
pub use self::goal::Goal;
pub use self::order::{Order, sort};
pub use self::progress::{is_unfinished, last_progress, latest_time, name_of};
pub use self::rhythm::Rhythm;
pub use self::selection::Selection;
pub use self::status::{as_words, plain_status, statuses};
