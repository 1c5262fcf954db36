//! The linter: what is wrong with a script, found without running it.
//!
//! [`program`] reads the script and what it imports, [`visitor`] goes through each once and writes down in an [`facts`] what
//! the rules ask about, and the rules, a file each, turn that into findings. An error would stop the script wherever it is
//! reached; where that depends on values, the rules say nothing: `run` refuses a script with errors, and must not refuse a
//! good one.

mod builtins;
mod call_display;
mod calls;
mod facts;
mod finding;
mod imports;
mod in_place;
mod invite_calls;
mod keys;
mod linter;
mod program;
mod results;
mod scopes;
mod script;
mod templates;
mod types;
mod unreachable;
mod variables;
mod visitor;

pub(super) use self::linter::errors;
pub(super) use self::linter::findings;

pub use self::finding::Finding;
pub use self::finding::Severity;
pub use self::linter::Linter;
