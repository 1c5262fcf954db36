//! Finds arguments that no function with the name accepts: `due.plus_days("5")`.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashSet};

use rhai::Expr;

use super::calls::CallResolver;
use super::facts::{Call, ErrorHandling, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::api::patterns::not_a_regex;
use crate::script::diagnosis::{foreign_syntax, unknown_name};
use crate::script::error::diagnostic::Diagnostic;
use crate::script::metadata::functions::Function;

/// Types that accept no value of another type. An `int` for a `float` is left to Rhai.
const STRICT_TYPES: [&str; 12] = [
    "DateTime", "Duration", "Outcome", "Regex", "Row", "array", "bool", "closure", "float", "int",
    "map", "string",
];

/// Finds arguments with a wrong type.
pub(super) fn check(
    call_resolver: &CallResolver,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let functions = call_resolver
        .scripts
        .iter()
        .flat_map(|script| &script.functions);
    let own: HashSet<&str> = functions.map(|function| function.name.as_str()).collect();
    let known = LazyCell::new(|| unknown_name::known_functions(call_resolver.engine, &script.ast));
    let calls = facts.calls.iter();
    calls
        .filter(|call| {
            call.module.is_none() && call.context.error_handling != ErrorHandling::Expected
        })
        // A function of a script may take any value, and so may a closure in a map.
        .filter(|call| !own.contains(call.name) && !facts.is_unknown_receiver(call))
        .filter(|call| call.receiver.is_none() || !facts.dynamic_names.contains(call.name))
        .filter_map(|call| {
            let natives: Vec<&Function> = call_resolver
                .builtins
                .named(call.name, call.arity())
                .collect();
            let before = call.arity() - call.arguments.len();
            let mut types = call.argument_types.iter().enumerate();
            let (diagnostic, index) = types.find_map(|(index, value_type)| {
                let kind = value_type.as_ref()?.kind.as_str();
                Some((wrong(call, &natives, index, kind)?, index))
            })?;
            let argument = index
                .checked_sub(before)
                .and_then(|at| call.arguments.get(at));
            let text = match argument {
                Some(Expr::StringConstant(text, _)) => Some(text.as_str()),
                _ => None,
            };
            let is_text = call.argument_types[index]
                .as_ref()
                .is_some_and(|found| found.kind == "string");
            let diagnostic = match (foreign_syntax::function(call.name), text) {
                (Some(hint), _) if is_text => diagnostic.hint(hint),
                _ if is_text && takes(&natives, index, "Regex") => not_a_regex("string").into(),
                (_, Some(text)) if text.parse::<f64>().is_ok() => {
                    diagnostic.hint(format!("write the number without quotes: `{text}`"))
                }
                _ => diagnostic.hint(unknown_name::alternatives(call.name, &known)),
            };
            let position = argument.map_or(call.position, Expr::start_position);
            let diagnostic = diagnostic.at(&script.source, position);
            let number = text
                .filter(|_| takes(&natives, index, "int"))
                .and_then(int_text);
            Some(Finding::of_call(call, diagnostic.fix_marked(number)))
        })
        .collect()
}

/// Whether all of `natives` take the type `kind` at `index`.
fn takes(natives: &[&Function], index: usize, kind: &str) -> bool {
    natives.iter().all(|native| {
        let parameter = native.parameters.get(index);
        parameter.is_some_and(|parameter| parameter.kind == kind)
    })
}

/// Returns a text that is written exactly like an int.
fn int_text(text: &str) -> Option<&str> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(text)
}

/// Returns an error if none of `natives` accepts a value of the type `kind` at `index`.
fn wrong(call: &Call, natives: &[&Function], index: usize, kind: &str) -> Option<Diagnostic> {
    // A closure in a map can be called as its method.
    let is_receiver = index == 0 && call.receiver.is_some();
    if matches!(kind, "char" | "()") || is_receiver && kind == "map" {
        return None;
    }
    let mut wanted = BTreeSet::new();
    for native in natives {
        let parameter = native.parameters.get(index)?;
        let takes = parameter.kind.as_str();
        let is_accepted = parameter.accepts(kind) || (takes == "float" && kind == "int");
        if is_accepted || !STRICT_TYPES.contains(&takes) {
            return None;
        }
        wanted.insert(takes);
    }
    let parameter = natives.first()?.parameters.get(index)?;
    let wanted: Vec<String> = wanted.iter().map(|kind| format!("`{kind}`")).collect();
    let message = format!(
        "`{}` takes {} for `{}`, not `{kind}`",
        call.name,
        wanted.join(" or "),
        parameter.name
    );
    Some(Diagnostic::new(ErrorCode::WrongType, message))
}
