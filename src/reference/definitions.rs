//! The reference as a definition file (`.d.rhai`) for the Rhai language server, with the server's names of types.

use std::fmt::Write as _;

use rhai::Engine;

use super::model::{Entry, Overload, Reference};
use crate::script::{FunctionKind, Parameter};

/// Writes the functions of this program and of Rhai: the server knows none by itself.
pub fn file(reference: &Reference) -> String {
    let engine = Engine::new();
    let operators = engine.definitions().builtin_functions_operators();
    let mut text = "module static;\n\n// Operators of Rhai\n\n".to_owned();
    text.push_str(operators.trim());
    text.push_str("\n\n// Functions of Rhai\n");
    let is_own = |name: &str| {
        reference
            .entries()
            .any(|entry| entry.owner.is_none() && entry.name == name)
    };
    let standard = reference
        .standard
        .iter()
        .filter(|entry| !is_own(&entry.name));
    standard.for_each(|entry| write_definition(entry, &mut text));
    for topic in &reference.topics {
        let _ = writeln!(text, "\n// {}", topic.title);
        topic
            .entries
            .iter()
            .for_each(|entry| write_definition(entry, &mut text));
    }
    text
}

fn write_definition(entry: &Entry, text: &mut String) {
    for overload in &entry.overloads {
        if let Some(declaration) = declaration(entry, overload) {
            text.push('\n');
            for line in overload.comment.lines() {
                let _ = writeln!(text, "{}", format!("/// {line}").trim_end());
            }
            if !overload.options().is_empty() {
                text.push_str("///\n/// # Options\n");
            }
            for option in overload.options() {
                let (name, type_note, doc) = (option.name, option.type_note(), option.doc);
                let _ = writeln!(text, "/// - `{name}` ({type_note}): {doc}");
            }
            if let Some(shape) = entry.documented_result(overload) {
                let _ = writeln!(text, "///\n/// # {}", shape.heading());
                for key in shape.keys {
                    let _ = writeln!(text, "/// - `{}` ({}): {}", key.name, key.kind, key.doc);
                }
            }
            let returns = overload.returns.as_deref().map(server_type);
            let returns = returns.map_or_else(String::new, |kind| format!(" -> {kind}"));
            let _ = writeln!(text, "{declaration}{returns};");
        }
    }
}

/// A keyword for the language server, which cannot be the name of a function there.
const RESERVED: &str = "exit";

/// Writes an overload without its result; `None` for what a definition file cannot express, such as an index.
fn declaration(entry: &Entry, overload: &Overload) -> Option<String> {
    let name = &entry.name;
    let join = |shown: &dyn Fn(&Parameter) -> String| {
        let list: Vec<String> = overload.parameters.iter().map(shown).collect();
        list.join(", ")
    };
    let types = join(&|each| server_type(&each.kind).to_owned());
    let parameters = join(&|each| format!("{}: {}", each.name, server_type(&each.kind)));
    match entry.kind {
        FunctionKind::Function if name == RESERVED => None,
        FunctionKind::Function | FunctionKind::Method => Some(format!("fn {name}({parameters})")),
        FunctionKind::Getter => Some(format!("fn get {name}({parameters})")),
        FunctionKind::Setter => Some(format!("fn set {name}({parameters})")),
        FunctionKind::Operator => Some(format!("op {name}({types})")),
        FunctionKind::IndexGetter | FunctionKind::IndexSetter => None,
    }
}

/// Returns the language server's name of a type.
fn server_type(kind: &str) -> &str {
    match kind {
        "string" => "String",
        "array" => "Array",
        "map" => "Map",
        "blob" => "Blob",
        "closure" => "FnPtr",
        "range" => "Range<int>",
        "value" | "list" | "number" => "?",
        other if other.contains(" or ") => "?",
        other => other,
    }
}
