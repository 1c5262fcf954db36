//! Finds uses of the result of functions that change a value in place and return nothing.

use super::calls::CallResolver;
use super::facts::{Call, ErrorHandling, Receiver, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;

/// Functions that change a value in place, each with the function that returns a new value instead. Some of their overloads
/// return a value.
const IN_PLACE_FUNCTIONS: [(&str, Option<&str>); 19] = [
    ("append", None),
    ("clear", None),
    ("crop", None),
    ("dedup", None),
    ("fill_with", None),
    ("insert", None),
    ("make_lower", Some("to_lower")),
    ("make_upper", Some("to_upper")),
    ("mixin", Some("merge")),
    ("pad", None),
    ("push", None),
    ("replace", Some("replaced")),
    ("reverse", Some("reversed")),
    ("set", None),
    ("sort", Some("sorted")),
    ("sort_by", Some("order")),
    ("sort_desc", Some("order_desc")),
    ("trim", Some("trimmed")),
    ("truncate", None),
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
            && IN_PLACE_FUNCTIONS
                .iter()
                .any(|(name, _)| *name == call.name)
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

/// Returns the function that returns a new value instead, if there is one.
fn twin(call: &Call) -> Option<&'static str> {
    if call.name == "sort" && !call.arguments.is_empty() {
        return Some("order");
    }
    let mut functions = IN_PLACE_FUNCTIONS.iter();
    functions.find(|(name, _)| *name == call.name)?.1
}

fn describe(call: &Call) -> Diagnostic {
    let name = call.name;
    let arguments = if call.arguments.is_empty() { "" } else { "…" };
    let hint = match (twin(call), call.receiver) {
        (Some(twin), Some(Receiver::Variable(variable))) => {
            format!("write `{variable}.{twin}({arguments})`, which returns a new value")
        }
        (Some(twin), Some(_)) => {
            format!("write `….{twin}({arguments})`, which returns a new value")
        }
        (None, Some(Receiver::Variable(variable))) => {
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
