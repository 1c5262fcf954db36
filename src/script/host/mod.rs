//! What script functions reach through the engine: files, the clock, the ledger, the API.

pub(super) mod assessment;
pub(super) mod clock;
mod csv_header;
pub(super) mod files;
pub(super) mod interpretations;
mod listing;
pub(super) mod paths;
pub(super) mod result_files;
pub(super) mod row_origin;
pub(super) mod run_host;
pub(super) mod single_invites;
pub(super) mod single_run;
pub(super) mod state;
pub(super) mod test_environment;

pub use self::csv_header::csv_columns;
