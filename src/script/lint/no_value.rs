//! Finds uses of the result of functions that return nothing.

use super::calls::CallResolver;
use super::facts::{Call, ErrorHandling, Receiver, ScriptFacts, ValueUse};
use super::finding::Finding;
use super::inference::accepts;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::metadata::functions::{Function, FunctionKind};

/// Functions of the language that print what they return to the evaluator, and return nothing to the script.
const PRINTING_FUNCTIONS: [&str; 2] = ["print", "debug"];

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
        matches!(call.value_use, ValueUse::Used | ValueUse::Returned)
            && call.module.is_none()
            && call.context.error_handling != ErrorHandling::Expected
            && !call.names_variable
            && !is_own(call.name)
    });
    let found = calls.filter_map(|call| {
        let native = call_resolver.without_value(call)?;
        let is_method =
            native.kind == FunctionKind::Method && !PRINTING_FUNCTIONS.contains(&call.name);
        // `return print("…");` ends a function, and nothing needs its value.
        if call.value_use == ValueUse::Returned && !is_method {
            return None;
        }
        let counterpart = call_resolver
            .counterpart(native, call)
            .filter(|_| is_method);
        let diagnostic = if is_method {
            changes_in_place(call, counterpart.as_deref())
        } else {
            returns_nothing(call)
        };
        let diagnostic = diagnostic.at(&script.source, call.position);
        Some(Finding::of_call(
            call,
            diagnostic.fix_marked(counterpart.as_deref()),
        ))
    });
    found.collect()
}

impl CallResolver<'_> {
    /// Returns a function that the call can reach, if none of them returns a value.
    fn without_value(&self, call: &Call) -> Option<&Function> {
        if call.receiver.is_some() && self.may_be_dynamic_method(call) {
            return None;
        }
        let mut natives = self
            .builtins
            .named(call.name, call.arity())
            .filter(|native| accepts(native, &call.argument_types));
        let first = natives.next()?;
        let has_value = |native: &Function| {
            native.returns.is_some() && !PRINTING_FUNCTIONS.contains(&call.name)
        };
        (!has_value(first) && !natives.any(has_value)).then_some(first)
    }

    /// Returns the name of a function that returns what `native` would change to: `trimmed` for `trim`.
    fn counterpart(&self, native: &Function, call: &Call) -> Option<String> {
        let owner = native.owner()?;
        let names = counterparts(call.name, !call.arguments.is_empty());
        names.into_iter().find(|name| {
            let mut functions = self.builtins.named(name, call.arity());
            functions.any(|function| {
                let receiver = function.parameters.first();
                let is_same = receiver.is_some_and(|receiver| receiver.accepts(owner));
                is_same && function.returns.is_some()
            })
        })
    }
}

/// Lists how a function may be called that returns a changed value instead of changing it.
pub(super) fn counterparts(name: &str, has_arguments: bool) -> Vec<String> {
    let irregular = match name {
        // `sorted_by` takes a key, not a comparison.
        "sort" if has_arguments => Some("order"),
        "sort_by" => Some("order"),
        "sort_desc" => Some("order_desc"),
        "mixin" => Some("merge"),
        _ => None,
    };
    if let Some(irregular) = irregular {
        return vec![irregular.to_owned()];
    }
    if let Some(rest) = name.strip_prefix("make_") {
        return vec![format!("to_{rest}")];
    }
    let doubled = name.chars().last().map(String::from).unwrap_or_default();
    ["ed", "d", &format!("{doubled}ed")]
        .map(|ending| format!("{name}{ending}"))
        .to_vec()
}

fn changes_in_place(call: &Call, counterpart: Option<&str>) -> Diagnostic {
    let name = call.name;
    let arguments = if call.arguments.is_empty() { "" } else { "…" };
    let hint = match (call.receiver, counterpart) {
        (Some(Receiver::Variable(variable)), Some(other)) => {
            format!("write `{variable}.{other}({arguments})`, which returns a new value")
        }
        (_, Some(other)) => {
            format!("write `….{other}({arguments})`, which returns a new value")
        }
        (Some(Receiver::Variable(variable)), None) => {
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

fn returns_nothing(call: &Call) -> Diagnostic {
    let name = call.name;
    let message = format!("`{name}` returns nothing that could be used here");
    let hint = format!("call `{name}(…);` as a statement of its own");
    Diagnostic::new(ErrorCode::NoValue, message).hint(hint)
}
