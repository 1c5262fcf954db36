//! The reference as a definition file (`.d.rhai`) for the Rhai language server, in its own names of types.

use std::fmt::Write as _;

use rhai::Engine;

use super::model::{Entry, Form, Reference};
use crate::script::{Kind, Parameter};

/// Writes what this program brings, and what Rhai brings: the server knows nothing by itself.
#[must_use]
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
    standard.for_each(|entry| define(entry, &mut text));
    for topic in &reference.topics {
        let _ = writeln!(text, "\n// {}", topic.title);
        topic
            .entries
            .iter()
            .for_each(|entry| define(entry, &mut text));
    }
    text
}

fn define(entry: &Entry, text: &mut String) {
    for form in &entry.forms {
        if let Some(head) = head(entry, form) {
            text.push('\n');
            for line in form.comment.lines() {
                let _ = writeln!(text, "{}", format!("/// {line}").trim_end());
            }
            let returns = form.returns.as_deref().map(server_type);
            let returns = returns.map_or_else(String::new, |kind| format!(" -> {kind}"));
            let _ = writeln!(text, "{head}{returns};");
        }
    }
}

/// What the language server takes for a word of the language; it is no name of a function there.
const RESERVED: &str = "exit";

/// Writes a form without what it returns; `None` for what cannot be defined, as an index.
fn head(entry: &Entry, form: &Form) -> Option<String> {
    let name = &entry.name;
    let join = |shown: &dyn Fn(&Parameter) -> String| {
        let list: Vec<String> = form.parameters.iter().map(shown).collect();
        list.join(", ")
    };
    let types = join(&|each| server_type(&each.kind).to_owned());
    let parameters = join(&|each| format!("{}: {}", each.name, server_type(&each.kind)));
    match entry.kind {
        Kind::Function if name == RESERVED => None,
        Kind::Function | Kind::Method => Some(format!("fn {name}({parameters})")),
        Kind::Getter => Some(format!("fn get {name}({parameters})")),
        Kind::Setter => Some(format!("fn set {name}({parameters})")),
        Kind::Operator => Some(format!("op {name}({types})")),
        Kind::IndexGetter | Kind::IndexSetter => None,
    }
}

/// What the language server calls a type.
fn server_type(kind: &str) -> &str {
    match kind {
        "string" => "String",
        "array" => "Array",
        "map" => "Map",
        "blob" => "Blob",
        "closure" => "FnPtr",
        "range" => "Range<int>",
        "value" => "?",
        other => other,
    }
}
