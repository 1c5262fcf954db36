//! Values that are thrown away where that is surely a mistake.

use super::builtins::{Catalog, Native};
use super::facts::{Call, Guard, Outline, Receiver};
use super::finding::Finding;
use super::script::Script;
use crate::script::error::failure::Failure;

/// How the doc comments of functions begin that change nothing: all they do is their value.
const ONLY_A_VALUE: [&str; 10] = [
    "Counts", "Derives", "Fetches", "Finds", "Lists", "Opens", "Puts", "Reads", "Returns", "Tells",
];

/// Functions of Rhai that change nothing, with the one that does the same in place.
const OF_THE_LANGUAGE: [(&str, Option<&str>); 16] = [
    ("abs", None),
    ("contains", None),
    ("ends_with", None),
    ("floor", None),
    ("index_of", None),
    ("is_empty", None),
    ("keys", None),
    ("len", None),
    ("parse_float", None),
    ("parse_int", None),
    ("round", None),
    ("starts_with", None),
    ("sub_string", Some("crop")),
    ("to_lower", Some("make_lower")),
    ("to_string", None),
    ("to_upper", Some("make_upper")),
];

/// Finds them.
pub(super) fn check(catalog: &Catalog, script: &Script, outline: &Outline) -> Vec<Finding> {
    let calls = outline
        .calls
        .iter()
        .filter(|call| call.is_idle && call.module.is_none())
        .filter(|call| !script.defines(call.name, call.arguments.len()))
        .filter_map(|call| Some((idle(catalog, outline, call)?, call.position)));
    let operators = outline
        .idle_operators
        .iter()
        .map(|(operator, position)| (idle_operator(operator), *position));
    calls
        .chain(operators)
        .map(|(mut finding, position)| {
            finding.failure = finding.failure.at(&script.source, position);
            finding
        })
        .collect()
}

fn idle(catalog: &Catalog, outline: &Outline, call: &Call) -> Option<Finding> {
    let natives: Vec<&Native> = catalog.takes(call.name, call.arity()).collect();
    if call.name == "skip" && !natives.is_empty() {
        // Who was to be left out would be invited.
        let failure = Failure::new(
            "ignored_skip",
            "this `skip` leaves nobody out: nothing returns it",
        );
        return Some(Finding::error(failure.hint("write `return skip(…);`")));
    }
    let may_be_in_a_map = call.receiver.is_some() && outline.words.contains(call.name);
    // In a `try`, that it fails or does not may be all that matters.
    if natives.is_empty() || may_be_in_a_map || call.site.guard != Guard::None {
        return None;
    }
    let of_the_language = OF_THE_LANGUAGE.iter().find(|(name, _)| *name == call.name);
    let is_only_a_value =
        |native: &&Native| of_the_language.is_some() || ONLY_A_VALUE.contains(&native.verb());
    if !natives.iter().all(is_only_a_value) {
        return None;
    }
    let name = call.name;
    let message = format!("nothing takes the result of `{name}`");
    let failure = Failure::new("unused_result", message).hint(match call.receiver {
        Some(Receiver::Variable(variable)) => {
            format!(
                "`{variable}` stays as it is; keep the result: `let value = {variable}.{name}(…);`"
            )
        }
        _ => format!("keep it: `let value = {};`", in_short(call)),
    });
    Some(Finding::warning(match of_the_language {
        Some((_, Some(in_place))) => failure.hint(format!("`{in_place}` changes the text itself")),
        _ => failure,
    }))
}

/// `….name(…)`
fn in_short(call: &Call) -> String {
    let before = call.receiver.map_or("", |_| "….");
    let arguments = if call.arguments.is_empty() { "" } else { "…" };
    format!("{before}{}({arguments})", call.name)
}

fn idle_operator(operator: &str) -> Finding {
    let message = format!("nothing takes the value of `{operator}`");
    let failure = Failure::new("unused_result", message);
    Finding::warning(match operator {
        "==" => failure.hint("a single `=` assigns"),
        _ => failure.hint("keep it in a variable, or delete it"),
    })
}
