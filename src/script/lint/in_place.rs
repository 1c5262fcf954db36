//! Finds uses of the result of functions that change a value in place and return nothing.

use super::calls::CallResolver;
use super::facts::{Call, ErrorHandling, Receiver, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;

/// Functions of Rhai that change a value in place. Some of their overloads return a value.
const IN_PLACE_FUNCTIONS: [&str; 19] = [
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

pub(super) fn check(
    call_resolver: &CallResolver,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let scripts = call_resolver.scripts;
    let is_own = |name: &str| {
        scripts
            .iter()
            .any(|script| script.functions_named(name).next().is_some())
    };
    let calls = facts.calls.iter().filter(|call| {
        facts.used_values.contains(&call.position)
            && call.module.is_none()
            && call.context.error_handling != ErrorHandling::Expected
            && IN_PLACE_FUNCTIONS.contains(&call.name)
            && !call.names_variable
            && !is_own(call.name)
            && call_resolver.returns_nothing(call)
    });
    let found = calls.map(|call| {
        let diagnostic = describe(call).at(&script.source, call.position);
        Finding::of_call(call, diagnostic)
    });
    found.collect()
}

impl CallResolver<'_> {
    /// Whether no function that the call can reach returns a value.
    fn returns_nothing(&self, call: &Call) -> bool {
        if call.receiver.is_some() && self.may_be_dynamic_method(call) {
            return false;
        }
        let mut natives = self.builtins.named(call.name, call.arity()).peekable();
        natives.peek().is_some() && natives.all(|native| native.returns.is_none())
    }
}

fn describe(call: &Call) -> Diagnostic {
    let name = call.name;
    let arguments = if call.arguments.is_empty() { "" } else { "…" };
    let hint = match call.receiver {
        Some(Receiver::Variable(variable)) => {
            format!("write `{variable}.{name}({arguments});` first, and use `{variable}` here")
        }
        _ => format!(
            "change a variable first: `let value = …; value.{name}({arguments});`, and use `value` here"
        ),
    };
    let message =
        format!("`{name}` changes the value in place and returns nothing that could be used here");
    Diagnostic::new(ErrorCode::NoValue, message).hint(hint)
}
