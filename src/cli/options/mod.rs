//! What command lines have in common: the groups of options that several commands take, and how words become values.

mod connection;
mod durations;
mod numbers;
mod permissions;
mod run_given;
pub(super) mod script_args;
mod sending;

pub(super) use self::connection::{Connected, Connection, LedgerFile};
pub(super) use self::durations::duration;
pub(super) use self::numbers::{number, whole};
pub(super) use self::permissions::{Changes, Files};
pub(super) use self::run_given::{LAST, RunGiven};
pub use self::script_args::read_arguments;
pub(super) use self::sending::{Sending, Sent};
