//! Finds operators, indexes, properties and loops that the types of their values do not have.

use super::builtins::Builtins;
use super::facts::{Misuse, MisuseKind, ScriptFacts};
use super::finding::Finding;
use super::inference::accepts;
use super::parsed_script::ParsedScript;
use super::value_type::ValueType;
use crate::error_code::ErrorCode;
use crate::script::diagnosis::diagnose::{describe_wrong_type, not_iterable};
use crate::script::diagnosis::unknown_name;
use crate::script::error::diagnostic::Diagnostic;

/// Types of which every operator, property and index is known.
const KNOWN_TYPES: [&str; 11] = [
    "DateTime", "Duration", "Outcome", "array", "bool", "char", "closure", "float", "int", "map",
    "string",
];

const INDEX_NAMES: [&str; 7] = ["at", "i", "idx", "index", "n", "number", "position"];

/// Names of types in messages and other languages, and what `type_of` returns for them.
const TYPE_NAMES: [(&str, &str); 17] = [
    ("Array", "array"),
    ("Map", "map"),
    ("String", "string"),
    ("boolean", "bool"),
    ("closure", "Fn"),
    ("datetime", "DateTime"),
    ("dict", "map"),
    ("float", "f64"),
    ("function", "Fn"),
    ("int", "i64"),
    ("integer", "i64"),
    ("list", "array"),
    ("number", "i64"),
    ("object", "map"),
    ("row", "Row"),
    ("str", "string"),
    ("text", "string"),
];

const ARITHMETIC_OPERATORS: [&str; 7] = ["%", "&", "*", "**", "+", "-", "/"];

pub(super) fn check(
    builtins: &Builtins,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let found = facts.misuses.iter().filter_map(|misuse: &Misuse| {
        let diagnostic = describe(builtins, &misuse.kind)?.at(&script.source, misuse.position);
        Some(match misuse.kind {
            // Both run, and may be meant.
            MisuseKind::ForEach(_) | MisuseKind::TypeName(_) => Finding::warning(diagnostic),
            _ => Finding::with_handling(misuse.error_handling, diagnostic),
        })
    });
    found.collect()
}

fn describe(builtins: &Builtins, misuse: &MisuseKind) -> Option<Diagnostic> {
    let is_known = |kind: &str| KNOWN_TYPES.contains(&kind);
    match misuse {
        MisuseKind::Operation(operator, [left, right]) => {
            let is_wrong = ARITHMETIC_OPERATORS.contains(operator)
                && is_known(left)
                && is_known(right)
                && !is_of_language(operator, left, right)
                && !has_operator(builtins, operator, left, right);
            is_wrong.then(|| unknown_name::operation(operator, &[left, right]))
        }
        MisuseKind::Index([list, index]) => match (list.as_str(), index.as_str()) {
            ("array", "range" | "string" | "float" | "bool" | "DateTime") => {
                Some(describe_wrong_type("int", index))
            }
            ("map", "int" | "float" | "range" | "bool" | "DateTime") => {
                Some(describe_wrong_type("string", index))
            }
            _ => None,
        },
        // A map can have any key.
        MisuseKind::Property(name, kind) => {
            let is_wrong = is_known(kind) && kind != "map" && builtins.getter(name, kind).is_none();
            is_wrong.then(|| unknown_name::property_of(name, kind))
        }
        MisuseKind::Loop(kind) => {
            let is_wrong = is_known(kind) && !matches!(kind.as_str(), "array" | "string");
            is_wrong.then(not_iterable)
        }
        MisuseKind::TypeName(name) => {
            let (_, known) = TYPE_NAMES.iter().find(|(wrong, _)| wrong == name)?;
            let message = format!("`type_of` never returns `{name}`");
            let diagnostic = Diagnostic::new(ErrorCode::WrongType, message);
            Some(diagnostic.hint(format!("write `\"{known}\"`")))
        }
        MisuseKind::ForEach(name) => {
            let message = format!("`{name}` is the index: `for_each` passes the item as `this`");
            let diagnostic = Diagnostic::new(ErrorCode::WrongType, message);
            let is_index = INDEX_NAMES.contains(name);
            (!is_index).then(|| diagnostic.hint("write `for item in list { … }`"))
        }
    }
}

/// Whether the evaluator itself has the operator for these types.
fn is_of_language(operator: &str, left: &str, right: &str) -> bool {
    let is_number = |kind| matches!(kind, "int" | "float");
    let is_text = |kind| matches!(kind, "string" | "char");
    is_number(left) && is_number(right)
        || left == "bool" && right == "bool"
        || matches!(operator, "+" | "-") && is_text(left) && is_text(right)
}

fn has_operator(builtins: &Builtins, operator: &str, left: &str, right: &str) -> bool {
    let operands = [left, right].map(|kind| Some(ValueType::named(kind)));
    let mut natives = builtins.named(operator, 2);
    natives.any(|native| accepts(native, &operands))
}
