//! The scripting host: Rhai with functions for bulk invitations. A layer uses only those above it in this list, which a test
//! checks.
//!
//! - `number`, `source`: numbers of scripts, and the text of a script.
//! - `error`: errors that a script can catch, and terminations that it cannot.
//! - `library`: finds scripts on disk and in the binary.
//! - `arguments`: the arguments of a script, from its `arg` calls.
//! - `limits`: limits on memory and output size.
//! - `values`: conversions between values of scripts and the rest of the program.
//! - `host`: what script functions reach through the engine: files, the ledger, the API.
//! - `rows`: lists of rows, read at once or one by one.
//! - `display`: values as text for users.
//! - `api`: the functions that scripts can call, a file or folder per noun.
//! - `metadata`: these functions as data, for reference, completion and linter.
//! - `engine`: the Rhai engine with its limits, the functions of `api`, and `import`.
//! - `diagnosis`: explains errors: what is wrong, where, and how to fix it.
//! - `lint`: finds mistakes without running a script.
//! - `program`: compiles and runs scripts, whole or input by input.

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

pub use self::arguments::{ArgKind, ArgSpec, ArgValue, Arguments, default_arguments};
pub use self::display::layout::DisplayValue;
pub use self::engine::setup::STACK;
pub use self::error::diagnostic::{Diagnostic, Edit, Frame, SourceLocation, word_at};
pub use self::error::script_error::Error;
pub use self::error::termination::Termination;
pub use self::host::csv_columns;
pub use self::host::paths::Paths;
pub use self::host::run_host::{Console, Host, HostSettings};
pub use self::host::test_environment::{RunOptions, ScriptOutput, TestEnvironment, TestError};
pub use self::library::{TESTS_DIRECTORY, shipped};
pub use self::lint::{Finding, Linter, Severity};
pub use self::metadata::doc::{Doc, DocItem};
pub use self::metadata::functions::{Function, FunctionKind, Parameter, functions};
pub use self::metadata::language::{described_functions, rhai_functions, topics};
pub use self::program::imported_module::ImportedModule;
pub use self::program::repl_session::{EvalResult, ReplSession, Variable};
pub use self::program::run::{Program, ScriptOutcome};
pub use self::program::template::create_from_template;
pub use self::source::{ImportRoot, Source};
pub use self::values::completion_type::CompletionType;
pub use self::values::option_map::{KeyType, MapKind, MapSchema, OptionKey};
pub use self::values::result_shape::{ResultKey, ResultShape};
