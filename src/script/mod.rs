//! The scripting host: Rhai with the verbs of bulk candidate work.
//!
//! `api/` holds what scripts can call, a file per noun. Those functions reach everything they need through the [`Host`]
//! in the engine's tag, and report what goes wrong as maps (`throw`), which [`Failure`] turns back into a diagnosis.

mod api;
mod args;
mod bounds;
mod columns;
mod definitions;
mod diagnose;
mod difference;
mod doc;
mod dry_run;
mod ending;
mod engine;
mod failure;
mod file_options;
mod functions;
mod getters;
mod holidays;
mod host;
mod inputs;
mod inviting;
mod lazy;
mod lint;
mod memory;
mod options;
mod origin;
mod paths;
mod reported;
mod request;
mod resolver;
mod results;
mod rows;
mod run;
mod scan;
mod scoring;
mod session;
mod shape;
mod shown;
mod singles;
mod source;
mod stage;
mod standard;
mod starter;
mod targets;
mod throw;
mod unknown;
mod value;
mod written;

pub use self::args::{ArgKind, ArgSpec, ArgValue, Arguments, default_arguments, find_args};
pub use self::doc::{Doc, DocItem};
pub use self::ending::Ending;
pub use self::engine::STACK;
pub use self::failure::{Error, Failure, Frame, Place, word_at};
pub use self::functions::{Function, Kind, Parameter, Topic, functions, topics};
pub use self::host::{Console, Host, HostSettings};
pub use self::lint::{Finding, Linter, Severity};
pub use self::paths::Paths;
pub use self::run::{Ended, Program, Test};
pub use self::session::{Evaluated, Session, Variable};
pub use self::shape::Shape;
pub use self::shown::Shown;
pub use self::source::{Shipped, Source, SourceHome, shipped};
pub use self::stage::{Ran, RunOptions, Stage, Unable};
pub use self::standard::standard_functions;
pub use self::starter::begin;
