//! Finds literal arguments that no function with the name accepts: `due.plus_days("5")`.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashSet};

use rhai::Expr;

use super::calls::CallResolver;
use super::facts::{Call, ErrorHandling, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use super::value_type::literal_type;
use crate::error_code::ErrorCode;
use crate::script::diagnosis::{foreign_syntax, unknown_name};
use crate::script::error::diagnostic::Diagnostic;
use crate::script::metadata::functions::Function;

/// Types that accept no value of another type. An `int` for a `float` is left to Rhai.
const STRICT_TYPES: [&str; 9] = [
    "DateTime", "Duration", "array", "bool", "closure", "float", "int", "map", "string",
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
        .filter(|call| !own.contains(call.name))
        .filter(|call| call.receiver.is_none() || !facts.dynamic_names.contains(call.name))
        .filter_map(|call| {
            let natives: Vec<&Function> = call_resolver
                .builtins
                .named(call.name, call.arity())
                .collect();
            let before = call.arity() - call.arguments.len();
            let mut arguments = call.arguments.iter().enumerate();
            let (diagnostic, argument, index) = arguments.find_map(|(at, argument)| {
                let diagnostic = wrong(call, &natives, at + before, argument)?;
                Some((diagnostic, argument, at + before))
            })?;
            let foreign_hint = foreign_syntax::function(call.name);
            let diagnostic = match argument {
                Expr::StringConstant(..) if foreign_hint.is_some() => {
                    diagnostic.hint_if(foreign_hint)
                }
                Expr::StringConstant(text, _) if text.parse::<f64>().is_ok() => {
                    diagnostic.hint(format!("write the number without quotes: `{text}`"))
                }
                _ => diagnostic.hint(unknown_name::alternatives(call.name, &known)),
            };
            let diagnostic = diagnostic.at(&script.source, argument.position());
            let number = match argument {
                Expr::StringConstant(text, _) if takes_int(&natives, index) => int_text(text),
                _ => None,
            };
            Some(Finding::of_call(call, diagnostic.fix_marked(number)))
        })
        .collect()
}

/// Whether all of `natives` take an int at `index`.
fn takes_int(natives: &[&Function], index: usize) -> bool {
    natives.iter().all(|native| {
        let parameter = native.parameters.get(index);
        parameter.is_some_and(|parameter| parameter.kind == "int")
    })
}

/// Returns a text that is written exactly like an int.
fn int_text(text: &str) -> Option<&str> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(text)
}

/// Returns an error if none of `natives` accepts `argument` at `index`.
fn wrong(call: &Call, natives: &[&Function], index: usize, argument: &Expr) -> Option<Diagnostic> {
    let kind = literal_type(argument).filter(|kind| !matches!(*kind, "char" | "()"))?;
    let mut wanted = BTreeSet::new();
    for native in natives {
        let parameter = native.parameters.get(index)?;
        let takes = parameter.kind.as_str();
        if takes == kind || !STRICT_TYPES.contains(&takes) || (takes == "float" && kind == "int") {
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
