//! What command lines have in common: the groups of options that several commands take, and how words become values.

mod connection;
mod durations;
mod numbers;
mod permissions;
mod run_selector;
pub(super) mod script_args;
mod send_args;

pub(super) use self::connection::{ApiConnection, ConnectionArgs, LedgerArgs};
pub(super) use self::durations::duration;
pub(super) use self::numbers::{integer_in, number};
pub(super) use self::permissions::{ApiAccessArgs, FileAccessArgs};
pub(super) use self::run_selector::{LAST, RunSelector};
pub use self::script_args::read_arguments;
pub(super) use self::send_args::{SendArgs, SummarySource};
