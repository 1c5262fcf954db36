//! From what a script passes to what is done: requests, options, plans, scores, reports.

pub(super) mod file_options;
pub(super) mod inviting;
pub(super) mod options;
pub(super) mod reported;
pub(super) mod request;
pub(super) mod scoring;
