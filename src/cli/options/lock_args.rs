//! The option that says how long to wait for other processes.

use std::time::Duration;

use clap::Args;

use super::value_parsers::seconds_in;

#[derive(Debug, Args)]
pub(in crate::cli) struct LockArgs {
    /// Wait this long for another process that works on the same run or invites to the same assessment, instead of failing at once
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, default_value = "0", value_parser = seconds_in(0.0..=86_400.0))]
    pub(in crate::cli) wait_lock: Duration,
}
