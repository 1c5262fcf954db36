//! Groups of options that several commands share, and parsers for their values.

mod api_connection;
mod connection;
mod limit_args;
mod lock_args;
mod permissions;
mod reading_args;
mod run_selector;
pub(super) mod script_args;
mod send_args;
mod value_parsers;

pub(super) use self::api_connection::ApiConnection;
pub(super) use self::connection::{ClockArgs, ConnectionArgs, LedgerArgs};
pub(super) use self::limit_args::{InviteLimitArgs, LimitArgs};
pub(super) use self::lock_args::LockArgs;
pub(super) use self::permissions::{ApiAccessArgs, FileAccessArgs, MemoryArgs};
pub(super) use self::reading_args::ReadingArgs;
pub(super) use self::run_selector::{LAST, RunSelector};
pub use self::script_args::read_arguments;
pub(super) use self::send_args::{InviteArgs, SendArgs, SummarySource, restricted_options};
pub(super) use self::value_parsers::{duration, integer_in, number};
