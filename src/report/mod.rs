//! Sessions and runs as a page of HTML that needs nothing but itself: no request, no font, no library.
//!
//! A report is data that shows itself as the text of the page. The pages are templates in `page/`, where every value is
//! escaped unless the template says otherwise. A chart is an SVG that takes its colours from the style sheet and keeps
//! its letters at their size on any screen.

mod chart;
mod deadlines;
mod escape;
mod format;
mod funnel;
mod histogram;
mod page;
mod rows;
mod run;
mod scores;
mod session;
mod session_rows;
mod sessions;
mod status;

pub use self::run::{OutcomeCount, RunReport, RunRow};
pub use self::session::{Category, Score, Session, latest_time};
pub use self::sessions::SessionsReport;

/// Rows that a table holds, at most: a browser lays out no more in comfort.
pub const MOST_ROWS: usize = 10_000;
