//! What script functions reach through the engine: files, the clock, the ledger, the API.

pub(super) mod assessment;
pub(super) mod assessment_cache;
pub(super) mod clock;
pub(super) mod conditions;
mod csv_header;
pub(super) mod files;
pub(super) mod holiday_cache;
pub(super) mod interpretation_log;
pub(super) mod interpretations;
mod listing;
pub(super) mod paths;
pub(super) mod planning;
mod poll_tracker;
pub(super) mod result_files;
pub(super) mod row_origin;
pub(super) mod run_host;
pub(super) mod session_lists;
pub(super) mod single_invites;
pub(super) mod single_run;
pub(super) mod test_environment;

pub use self::csv_header::csv_columns;
