//! Literal arguments that no function of the name takes: `due.plus_days("5")`.

use std::collections::{BTreeSet, HashSet};

use rhai::Expr;

use super::builtins::Native;
use super::calls::Reach;
use super::facts::{Call, Guard, Outline};
use super::finding::Finding;
use super::script::Script;
use crate::script::diagnosis::unknown_name;
use crate::script::error::failure::Failure;

/// Types of parameters that take no value of another type. An `int` does for a `float`, or Rhai says so itself.
const KINDS: [&str; 9] = [
    "DateTime", "Duration", "array", "bool", "closure", "float", "int", "map", "string",
];

/// Finds them.
pub(super) fn check(reach: &Reach, script: &Script, outline: &Outline) -> Vec<Finding> {
    let functions = reach.scripts.iter().flat_map(|script| &script.functions);
    let own: HashSet<&str> = functions.map(|function| function.name.as_str()).collect();
    let calls = outline.calls.iter();
    calls
        .filter(|call| call.module.is_none() && call.site.guard != Guard::Awaited)
        // What a script defines may take anything; so may a closure in a map, and a method of one type.
        .filter(|call| !own.contains(call.name))
        .filter(|call| call.receiver.is_none() || !outline.words.contains(call.name))
        .filter_map(|call| {
            let natives: Vec<&Native> = reach.catalog.takes(call.name, call.arity()).collect();
            let before = call.arity() - call.arguments.len();
            let mut arguments = call.arguments.iter().enumerate();
            let (failure, argument) = arguments.find_map(|(at, argument)| {
                let failure = wrong(call, &natives, at + before, argument)?;
                Some((failure, argument))
            })?;
            let failure = match argument {
                Expr::StringConstant(text, _) if text.parse::<f64>().is_ok() => {
                    failure.hint(format!("a number stands without quotes: `{text}`"))
                }
                _ => {
                    let known = unknown_name::known_functions(reach.engine, &script.ast);
                    failure.hint(unknown_name::alternatives(call.name, &known))
                }
            };
            let failure = failure.at(&script.source, argument.position());
            Some(Finding::under(call.site.guard, failure))
        })
        .collect()
}

/// Says that none of `natives` takes `argument` at `index`, if so.
fn wrong(call: &Call, natives: &[&Native], index: usize, argument: &Expr) -> Option<Failure> {
    let kind = literal_kind(argument)?;
    let mut wanted = BTreeSet::new();
    for native in natives {
        let parameter = native.parameter(index)?;
        let takes = parameter.kind.as_str();
        if takes == kind || !KINDS.contains(&takes) || (takes == "float" && kind == "int") {
            return None;
        }
        wanted.insert(takes);
    }
    let parameter = natives.first()?.parameter(index)?;
    let wanted: Vec<String> = wanted.iter().map(|kind| format!("`{kind}`")).collect();
    let message = format!(
        "`{}` takes {} for `{}`, and this is `{kind}`",
        call.name,
        wanted.join(" or "),
        parameter.name
    );
    Some(Failure::new("wrong_type", message))
}

/// Returns the type of a value that is written out.
pub(super) fn literal_kind(argument: &Expr) -> Option<&'static str> {
    Some(match argument {
        Expr::StringConstant(..) | Expr::InterpolatedString(..) => "string",
        Expr::IntegerConstant(..) => "int",
        Expr::FloatConstant(..) => "float",
        Expr::BoolConstant(..) => "bool",
        Expr::Array(..) => "array",
        Expr::Map(..) => "map",
        _ => return None,
    })
}
