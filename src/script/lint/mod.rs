//! The linter: finds mistakes in scripts without running them.
//!
//! [`import_graph`] reads a script and its imports, [`visitor`] walks through each script once and collects [`facts`], and the
//! rules, one file each, turn facts into findings. An error is a statement that always fails when it is reached. If that
//! depends on values, the rules stay silent, because `run` refuses a script with errors and must not refuse a good one.

mod builtins;
mod call_display;
mod calls;
mod facts;
mod finding;
mod import_graph;
mod imports;
mod in_place;
mod invite_calls;
mod keys;
mod linter;
mod parsed_script;
mod results;
mod scopes;
mod templates;
mod types;
mod unused_code;
mod variables;
mod visitor;

pub use self::finding::{Finding, Severity};
pub use self::linter::Linter;
pub(super) use self::linter::{errors, findings};
