//! The scripting host: Rhai with the verbs of bulk candidate work.
//!
//! `api/` holds what scripts can call, a file per noun. Those functions reach everything they need through the [`Host`]
//! in the engine's tag, and report what goes wrong as maps (`throw`), which [`Failure`] turns back into a diagnosis.

mod api;
mod args;
mod bounds;
mod columns;
mod diagnose;
mod dry_run;
mod ending;
mod engine;
mod failure;
mod functions;
mod host;
mod inviting;
mod lazy;
mod memory;
mod options;
mod origin;
mod reported;
mod request;
mod resolver;
mod results;
mod rows;
mod run;
mod scan;
mod scoring;
mod singles;
mod source;
mod throw;
mod unknown;
mod value;

use crate::suggest;

pub use self::args::{ArgKind, ArgSpec, ArgValue, Arguments, find_args};
pub use self::ending::Ending;
pub use self::failure::{Error, Failure, Frame, Place, word_at};
pub use self::functions::{Function, functions};
pub use self::host::{Console, Host, HostSettings};
pub use self::run::{Ended, Program};
pub use self::source::{Shipped, Source, SourceHome, shipped};
