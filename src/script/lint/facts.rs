//! What the walk writes down of a script, for the rules.

use std::collections::HashSet;

use rhai::{Expr, Ident, Position};

use super::scopes::UnusedVariable;

/// What stands in a script.
#[derive(Default)]
pub(super) struct ScriptFacts<'a> {
    /// Calls of functions, without operators.
    pub(super) calls: Vec<Call<'a>>,
    /// Operators whose value nothing takes.
    pub(super) unused_operators: Vec<(&'a str, Position)>,
    /// Uses of variables of modules.
    pub(super) module_variables: Vec<ModuleVariable<'a>>,
    /// Uses of variables that are not there.
    pub(super) unknown: Vec<UnknownVariable<'a>>,
    /// Variables that nothing uses.
    pub(super) unused: Vec<UnusedVariable<'a>>,
    /// The first statement of each block that is never reached.
    pub(super) unreachable: Vec<Position>,
    /// Where calls stand whose value is passed on as it is.
    pub(super) used_values: HashSet<Position>,
    /// Where texts stand that hold `${…}` with the name of a variable.
    pub(super) templates: Vec<Position>,
    /// Texts and keys: by such a name a closure in a map can be called.
    pub(super) dynamic_names: HashSet<&'a str>,
}

/// A call of a function.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    /// The module that is named before it.
    pub(super) module: Option<&'a Ident>,
    /// It is a module within a module.
    pub(super) is_nested: bool,
    /// What stands before its dot, if it is a method call.
    pub(super) receiver: Option<Receiver<'a>>,
    pub(super) arguments: &'a [Expr],
    pub(super) position: Position,
    /// Nothing takes its value.
    pub(super) is_result_unused: bool,
    /// There is a variable of its name.
    pub(super) names_variable: bool,
    pub(super) context: CallContext,
}

/// What a method is called on.
#[derive(Clone, Copy)]
pub(super) enum Receiver<'a> {
    Variable(&'a str),
    Value,
}

/// A use of a variable of a module.
pub(super) struct ModuleVariable<'a> {
    pub(super) module: &'a Ident,
    /// It is a module within a module.
    pub(super) is_nested: bool,
    pub(super) name: &'a str,
    pub(super) position: Position,
}

/// A variable that is not there, and what is.
pub(super) struct UnknownVariable<'a> {
    pub(super) name: &'a str,
    pub(super) position: Position,
    pub(super) is_in_function: bool,
    pub(super) visible: Vec<&'a str>,
}

/// What surrounds a call.
#[derive(Clone, Copy, Default)]
pub(super) struct CallContext {
    /// A loop, or a closure that is called for each of many values.
    pub(super) is_repeated: bool,
    pub(super) error_handling: ErrorHandling,
    /// The closure of `invite_all`.
    pub(super) is_planning: bool,
}

/// What becomes of an error.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ErrorHandling {
    /// It ends the script.
    #[default]
    None,
    /// It stands in a `try`, whose `catch` may be meant for it.
    Caught,
    /// It stands in the closure of `assert_throws`: that it fails is the point, unless it is misspelt.
    Expected,
}
