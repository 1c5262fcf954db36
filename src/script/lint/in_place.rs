//! Functions of the language that change a value in place and return nothing, used for what they return.

use super::calls::Reach;
use super::facts::{Call, Guard, Outline, Receiver};
use super::finding::Finding;
use super::script::{Function, Script};
use crate::script::error::failure::Failure;

/// Their names. Which forms of them return nothing, the functions themselves say.
const NAMES: [&str; 19] = [
    "append",
    "clear",
    "crop",
    "dedup",
    "fill_with",
    "insert",
    "make_lower",
    "make_upper",
    "mixin",
    "pad",
    "push",
    "replace",
    "reverse",
    "set",
    "sort",
    "sort_by",
    "sort_desc",
    "trim",
    "truncate",
];

/// Finds them.
pub(super) fn check(reach: &Reach, script: &Script, outline: &Outline) -> Vec<Finding> {
    let functions = reach.scripts.iter().flat_map(|script| &script.functions);
    let own: Vec<&Function> = functions.collect();
    let calls = outline.calls.iter().filter(|call| {
        outline.kept.contains(&call.position)
            && call.module.is_none()
            && call.site.guard != Guard::Awaited
            && NAMES.contains(&call.name)
            && !call.names_variable
            && own.iter().all(|function| function.name != call.name)
            && reach.returns_nothing(call)
    });
    let found = calls.map(|call| {
        let failure = failure(call).at(&script.source, call.position);
        Finding::under(call.site.guard, failure)
    });
    found.collect()
}

impl Reach<'_> {
    /// Tells whether every function that the call can reach returns nothing.
    fn returns_nothing(&self, call: &Call) -> bool {
        if call.receiver.is_some() && self.may_be_called_on_a_value(call) {
            return false;
        }
        let mut natives = self.catalog.takes(call.name, call.arity()).peekable();
        natives.peek().is_some() && natives.all(|native| native.returns_nothing)
    }
}

fn failure(call: &Call) -> Failure {
    let name = call.name;
    let arguments = if call.arguments.is_empty() { "" } else { "…" };
    let hint = match call.receiver {
        Some(Receiver::Variable(variable)) => {
            format!("write `{variable}.{name}({arguments});` before it, and use `{variable}` here")
        }
        _ => format!(
            "change a variable first: `let value = …; value.{name}({arguments});`, and use `value` here"
        ),
    };
    let message =
        format!("`{name}` changes the value in place and returns nothing, which is used here");
    Failure::new("no_value", message).hint(hint)
}
