//! The scripting host: Rhai with the verbs of bulk candidate work. A layer uses those above it in this list only; `tests/` holds that.
//!
//! - `number`, `source`: ground.
//! - `error`: What goes wrong: raised for a script to catch, and ends that it cannot catch.
//! - `library`: see its header.
//! - `arguments`: see its header.
//! - `limits`: Bounds on what a script may use.
//! - `values`: Values on their way between scripts and the rest.
//! - `host`: What script functions reach through the engine: files, the ledger, the API.
//! - `rows`: Lists of rows: arrays, and lazy lists.
//! - `display`: Values as text for people.
//! - `api`: see its header.
//! - `metadata`: What scripts can call, as data.
//! - `engine`: The engine: Rhai, bounded, with the functions of `api`.
//! - `diagnosis`: Errors explained to people: where, how it came to it, and what to do.
//! - `lint`: see its header.
//! - `program`: A script compiled and run, whole or input by input.

mod api;
mod arguments;
mod diagnosis;
mod display;
mod engine;
mod error;
mod host;
mod library;
mod limits;
mod lint;
mod metadata;
mod number;
mod program;
mod rows;
mod source;
mod values;

pub use self::arguments::{ArgKind, ArgSpec, ArgValue, Arguments, default_arguments, find_args};
pub use self::display::layout::DisplayValue;
pub use self::engine::setup::STACK;
pub use self::error::diagnostic::{Diagnostic, Frame, SourceLocation, word_at};
pub use self::error::script_error::Error;
pub use self::error::termination::Termination;
pub use self::host::paths::Paths;
pub use self::host::run_host::{Console, Host, HostSettings};
pub use self::host::test_environment::{RunOptions, ScriptOutput, TestEnvironment, TestError};
pub use self::library::{Shipped, shipped};
pub use self::lint::{Finding, Linter, Severity};
pub use self::metadata::doc::{Doc, DocItem};
pub use self::metadata::functions::{Function, FunctionKind, Parameter, Topic, functions, topics};
pub use self::metadata::rhai_functions::rhai_functions;
pub use self::program::repl_session::{EvalResult, ReplSession, Variable};
pub use self::program::run::{Program, ScriptOutcome, TestFunction};
pub use self::program::template::create_from_template;
pub use self::source::{ImportRoot, Source};
pub use self::values::completion_type::CompletionType;
pub use self::values::option_map::{KeyType, MapKind, MapSchema, OptionKey};
