//! The linter: finds mistakes in scripts without running them.
//!
//! [`import_graph`] reads a script and its imports, [`visitor`] and [`expressions`] walk through each script once and collect [`facts`], and the
//! rules, one file each, turn facts into findings. An error is a statement that always fails when it is reached. If that
//! depends on values, the rules stay silent, because `run` refuses a script with errors and must not refuse a good one.

mod builtins;
mod call_display;
mod calls;
mod comparisons;
mod expressions;
mod facts;
mod finding;
mod import_graph;
mod imports;
mod inference;
mod keys;
mod linter;
mod misuses;
mod no_value;
mod parsed_script;
mod results;
mod scopes;
mod templates;
mod types;
mod value_type;
mod variable_facts;
mod variables;
mod visitor;

pub use self::finding::{Finding, Severity};
pub(super) use self::imports::exports;
pub use self::linter::Linter;
pub(super) use self::linter::{errors, findings, unproven_comparisons};
