//! The scripting host: Rhai with the verbs of bulk candidate work.
//!
//! - `api`: what scripts can call, a file per noun; `calls` makes of what they pass requests, options, plans, scores and reports.
//! - `services`: what those functions reach through the [`Host`] in the engine's tag.
//! - `values`, `lists`: values and lists of rows, read, written out and compared. `limits`: how much of them there may be.
//! - `program`: a script's text, imports and arguments, and how it is run, whole or input by input.
//! - `diagnosis`: what goes wrong, raised as maps (`throw`), which [`Failure`] turns into what a person is told.
//! - `lint`: what would go wrong, found without running. `vocabulary`: what scripts can call, as data.

mod api;
mod calls;
mod diagnosis;
mod limits;
mod lint;
mod lists;
mod program;
mod services;
mod values;
mod vocabulary;

pub use self::diagnosis::ending::Ending;
pub use self::diagnosis::failure::{Error, Failure, Frame, Place, word_at};
pub use self::lint::{Finding, Linter, Severity};
pub use self::program::args::{
    ArgKind, ArgSpec, ArgValue, Arguments, default_arguments, find_args,
};
pub use self::program::engine::STACK;
pub use self::program::run::{Ended, Program, Test};
pub use self::program::session::{Evaluated, Session, Variable};
pub use self::program::source::{Shipped, Source, SourceHome, shipped};
pub use self::program::starter::begin;
pub use self::services::host::{Console, Host, HostSettings};
pub use self::services::paths::Paths;
pub use self::services::stage::{Ran, RunOptions, Stage, Unable};
pub use self::values::shape::Shape;
pub use self::values::shown::Shown;
pub use self::vocabulary::doc::{Doc, DocItem};
pub use self::vocabulary::functions::{Function, Kind, Parameter, Topic, functions, topics};
pub use self::vocabulary::standard::standard_functions;
