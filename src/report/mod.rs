//! Reports of sessions and runs: self-contained HTML pages without requests, fonts or libraries.
//!
//! A report is plain data whose `Display` is the page. The templates are in `page/` and escape every value that is not marked
//! as safe. A chart is an SVG with colors from the style sheet and a fixed font size.

mod chart;
mod deadlines;
mod format;
mod funnel;
mod histogram;
mod page;
mod run;
mod scores;
mod session;
mod session_table;
mod sessions;
mod table;

pub use self::run::{OutcomeCount, RunReport, RunRow};
pub use self::session::{Category, Score, Session, SessionsReport, latest_time};
pub use self::table::MAX_ROWS;
