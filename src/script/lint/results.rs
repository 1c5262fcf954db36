//! Finds results that are not used although nothing else happens.

use super::builtins::Builtins;
use super::facts::{Call, ErrorHandling, Receiver, ScriptFacts, ValueUse};
use super::finding::{Finding, Severity};
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::metadata::functions::Function;

/// Functions of this program that return a value and also do something, so that the value may be ignored.
const EFFECTFUL_FUNCTIONS: [&str; 6] = [
    "assert_throws",
    "invite",
    "invite_all",
    "run_script",
    "score",
    "score_all",
];

/// Functions of Rhai that only return a value, each with the function that does the same in place.
const PURE_RHAI_FUNCTIONS: [(&str, Option<&str>); 21] = [
    ("abs", None),
    ("all", None),
    ("contains", None),
    ("ends_with", None),
    ("extract", None),
    ("filter", None),
    ("find", None),
    ("floor", None),
    ("index_of", None),
    ("is_empty", None),
    ("keys", None),
    ("len", None),
    ("parse_float", None),
    ("parse_int", None),
    ("round", None),
    ("some", None),
    ("starts_with", None),
    ("sub_string", Some("crop")),
    ("to_lower", Some("make_lower")),
    ("to_string", None),
    ("to_upper", Some("make_upper")),
];

pub(super) fn check(
    builtins: &Builtins,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let calls = facts
        .calls
        .iter()
        .filter(|call| call.value_use == ValueUse::Ignored && call.module.is_none())
        .filter(|call| !script.defines(call.name, call.arguments.len()))
        .filter_map(|call| Some((unused_call(builtins, facts, call)?, call.position)));
    let operators = facts
        .unused_operators
        .iter()
        .map(|(operator, position)| (unused_operator(operator), *position));
    calls
        .chain(operators)
        .map(|(mut finding, position)| {
            let is_skip = finding.severity == Severity::Error;
            let diagnostic = finding.diagnostic.at(&script.source, position);
            finding.diagnostic = diagnostic.fix_marked(is_skip.then_some("return skip"));
            finding
        })
        .collect()
}

fn unused_call(builtins: &Builtins, facts: &ScriptFacts, call: &Call) -> Option<Finding> {
    let natives: Vec<&Function> = builtins.named(call.name, call.arity()).collect();
    if call.name == "skip" && !natives.is_empty() {
        // Otherwise the candidate would be invited.
        let message = "this `skip` has no effect, because it is not returned";
        let diagnostic = Diagnostic::new(ErrorCode::IgnoredSkip, message);
        return Some(Finding::error(diagnostic.hint("write `return skip(…);`")));
    }
    let may_be_closure_in_map = call.receiver.is_some() && facts.dynamic_names.contains(call.name);
    // In a `try`, only the error may matter.
    if natives.is_empty()
        || may_be_closure_in_map
        || call.context.error_handling != ErrorHandling::Uncaught
    {
        return None;
    }
    let pure_rhai_function = PURE_RHAI_FUNCTIONS
        .iter()
        .find(|(name, _)| *name == call.name);
    let is_pure = |native: &&Function| {
        pure_rhai_function.is_some()
            || (builtins.is_own(native)
                && native.returns.is_some()
                && !EFFECTFUL_FUNCTIONS.contains(&call.name))
    };
    if !natives.iter().all(is_pure) {
        return None;
    }
    let name = call.name;
    let message = format!("the result of `{name}` is not used");
    let diagnostic = Diagnostic::new(ErrorCode::UnusedResult, message).hint(match call.receiver {
        Some(Receiver::Variable(variable)) => {
            format!(
                "`{variable}` is not changed; keep the result: `let value = {variable}.{name}(…);`"
            )
        }
        _ => format!("keep it: `let value = {};`", abbreviated(call)),
    });
    Some(Finding::warning(match pure_rhai_function {
        Some((_, Some(in_place))) => {
            diagnostic.hint(format!("`{in_place}` changes the text itself"))
        }
        _ => diagnostic,
    }))
}

/// `….name(…)`
fn abbreviated(call: &Call) -> String {
    let before = call.receiver.map_or("", |_| "….");
    let arguments = if call.arguments.is_empty() { "" } else { "…" };
    format!("{before}{}({arguments})", call.name)
}

fn unused_operator(operator: &str) -> Finding {
    let message = format!("the result of `{operator}` is not used");
    let diagnostic = Diagnostic::new(ErrorCode::UnusedResult, message);
    Finding::warning(diagnostic.hint(match operator {
        "==" => "to assign, write a single `=`",
        _ => "keep it in a variable, or delete it",
    }))
}
