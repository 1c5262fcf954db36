//! What the visitor collects in a script for the rules.

use std::collections::HashSet;

use rhai::{Expr, Ident, Position};

use super::scopes::{LostChange, UnusedVariable};
use super::value_type::ValueType;
use crate::script::values::result_shape::ResultShape;

/// How many mistakes of one kind in a script get a hint about what was meant: finding it looks at all names.
pub(super) const MAX_HINTS: usize = 100;

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
    pub(super) lost_changes: Vec<LostChange<'a>>,
    pub(super) comparisons: Vec<Comparison<'a>>,
    /// Comparisons of values that may have different types.
    pub(super) unproven_comparisons: HashSet<Position>,
    pub(super) conditions: Vec<Condition<'a>>,
    pub(super) misuses: Vec<Misuse<'a>>,
    /// The literal cases of `switch`. The second operand is what the case returns.
    pub(super) switch_cases: Vec<Comparison<'a>>,
    /// Changes of a key of an empty map that is never set: `seen[key] += 1`.
    pub(super) missing_keys: Vec<MissingKey<'a>>,
    /// Reads of keys of maps that functions returned.
    pub(super) key_reads: Vec<KeyRead<'a>>,
    /// The first unreachable statement of each block.
    pub(super) unreachable: Vec<Position>,
    /// Positions of texts that contain `${…}` with the name of a variable.
    pub(super) templates: Vec<Position>,
    /// Texts and keys. A closure in a map can be called by such a name.
    pub(super) dynamic_names: HashSet<&'a str>,
}

impl ScriptFacts<'_> {
    /// Whether a method is called on a variable that does not exist.
    pub(super) fn is_unknown_receiver(&self, call: &Call) -> bool {
        match call.receiver {
            Some(Receiver::Variable(name)) => {
                self.unknown.iter().any(|unknown| unknown.name == name)
            }
            _ => false,
        }
    }
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
    /// The types of the arguments, with what a method is called on first.
    pub(super) argument_types: Vec<Option<ValueType>>,
    pub(super) position: Position,
    pub(super) value_use: ValueUse,
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

/// What happens to the value of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueUse {
    /// Nothing.
    Ignored,
    /// It is the last of a block, and may be the value of a function or script.
    Last,
    /// It is the value of a `return`.
    Returned,
    /// It is assigned, passed, stored, compared or tested.
    Used,
}

/// A comparison of two values of known types.
pub(super) struct Comparison<'a> {
    pub(super) operator: &'a str,
    pub(super) operands: [(&'a Expr, ValueType); 2],
    pub(super) position: Position,
    pub(super) error_handling: ErrorHandling,
}

/// A use of values of known types that may not allow it.
pub(super) struct Misuse<'a> {
    pub(super) kind: MisuseKind<'a>,
    pub(super) position: Position,
    pub(super) error_handling: ErrorHandling,
}

pub(super) enum MisuseKind<'a> {
    /// `a - b`, with the types of both.
    Operation(&'a str, [String; 2]),
    /// `list[index]`, with the types of both.
    Index([String; 2]),
    /// `value.property`, with the type of the value.
    Property(&'a str, String),
    /// A `for` loop over a value of this type.
    Loop(String),
    /// `list.for_each(|item| …)`, with the name of the parameter.
    ForEach(&'a str),
    /// `type_of(x) == "name"`, with the name.
    TypeName(&'a str),
}

/// A value of a known type where `true` or `false` is needed.
pub(super) struct Condition<'a> {
    pub(super) value: &'a Expr,
    pub(super) value_type: ValueType,
    /// `if`, `while`, `&&`, `||`, or `!`.
    pub(super) needed_by: &'static str,
    pub(super) error_handling: ErrorHandling,
}

pub(super) struct MissingKey<'a> {
    /// The variable with the map.
    pub(super) map: &'a str,
    pub(super) key: &'a Expr,
    pub(super) value: &'a Expr,
    pub(super) operator: &'a str,
    pub(super) position: Position,
    pub(super) error_handling: ErrorHandling,
}

/// A read of a key of a map that a function returned.
pub(super) struct KeyRead<'a> {
    pub(super) shape: &'static ResultShape,
    pub(super) name: &'a str,
    pub(super) position: Position,
    pub(super) error_handling: ErrorHandling,
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
    /// It is in the closure of `assert_throws`, and meant to fail. Only misspelled names are reported.
    Expected,
}
