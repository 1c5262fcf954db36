//! What the visitor collects in a script for the rules.

use std::collections::HashSet;

use rhai::{Expr, Ident, Position};

use super::scopes::UnusedVariable;

/// How many mistakes of one kind in a script get a hint about what was meant: finding it looks at all names.
pub(super) const MAX_HINTS: usize = 100;

/// The facts of one script.
#[derive(Default)]
pub(super) struct ScriptFacts<'a> {
    /// Calls of functions, but not of operators.
    pub(super) calls: Vec<Call<'a>>,
    /// Operators whose value is not used.
    pub(super) unused_operators: Vec<(&'a str, Position)>,
    pub(super) module_variables: Vec<ModuleVariable<'a>>,
    /// Uses of variables that do not exist.
    pub(super) unknown: Vec<UnknownVariable<'a>>,
    pub(super) unused: Vec<UnusedVariable<'a>>,
    /// The first unreachable statement of each block.
    pub(super) unreachable: Vec<Position>,
    /// Positions of calls whose value is assigned, passed or stored as it is.
    pub(super) used_values: HashSet<Position>,
    /// Positions of texts that contain `${…}` with the name of a variable.
    pub(super) templates: Vec<Position>,
    /// Texts and keys. A closure in a map can be called by such a name.
    pub(super) dynamic_names: HashSet<&'a str>,
}

pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    /// The module before `::`.
    pub(super) module: Option<&'a Ident>,
    /// It has the form `a::b::name`.
    pub(super) is_nested: bool,
    /// What it is called on, if it is a method call.
    pub(super) receiver: Option<Receiver<'a>>,
    pub(super) arguments: &'a [Expr],
    pub(super) position: Position,
    pub(super) is_result_unused: bool,
    /// A variable of the same name is visible.
    pub(super) names_variable: bool,
    pub(super) context: CallContext,
}

/// What a method is called on.
#[derive(Clone, Copy)]
pub(super) enum Receiver<'a> {
    Variable(&'a str),
    Value,
}

/// A use of a variable of a module: `module::name`.
pub(super) struct ModuleVariable<'a> {
    pub(super) module: &'a Ident,
    /// It has the form `a::b::name`.
    pub(super) is_nested: bool,
    pub(super) name: &'a str,
    pub(super) position: Position,
}

/// A use of a variable that does not exist, and for the first of them, the variables that do.
pub(super) struct UnknownVariable<'a> {
    pub(super) name: &'a str,
    pub(super) position: Position,
    pub(super) is_in_function: bool,
    pub(super) visible: Vec<&'a str>,
}

/// What surrounds a call.
#[derive(Clone, Copy, Default)]
pub(super) struct CallContext {
    /// It is in a loop, or in a closure that is called for many values.
    pub(super) is_repeated: bool,
    pub(super) error_handling: ErrorHandling,
    /// It is in the closure of `invite_all`.
    pub(super) is_planning: bool,
}

/// What happens to an error.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ErrorHandling {
    /// It ends the script.
    #[default]
    Uncaught,
    /// A `catch` around it may be meant for it.
    Caught,
    /// It is in the closure of `assert_throws`, and meant to fail. Only misspelt names are reported.
    Expected,
}
