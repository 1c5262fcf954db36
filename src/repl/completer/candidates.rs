//! What fits where the cursor stands.

use reedline::{Span, Suggestion};

use super::super::commands::{COMMANDS, Takes};
use super::super::knowledge::Knowledge;
use super::place::{Kind, Place};
use super::{files, receiver};
use crate::script::{Function, Shape, shipped};

/// Words of the language that start or join statements.
const KEYWORDS: [&str; 20] = [
    "break", "catch", "const", "continue", "else", "false", "fn", "for", "if", "import", "in",
    "let", "loop", "return", "switch", "throw", "true", "try", "until", "while",
];

/// Lists what can stand at `place`, at the end of `before`.
pub(super) fn suggest(known: &Knowledge, place: &Place, before: &str) -> Vec<Suggestion> {
    let word = before.get(place.start..).unwrap_or("");
    let mut found = Found {
        word,
        span: Span::new(place.start, before.len()),
        suggestions: Vec::new(),
    };
    match &place.kind {
        Kind::Command => commands(&mut found),
        Kind::Argument(takes) => arguments(known, *takes, &mut found),
        Kind::Name => names(known, &mut found),
        Kind::Member => {
            let owner = place
                .pieces
                .split_last()
                .map_or(&[][..], |(_, owner)| owner);
            if let Some(shape) = receiver::shape(known, owner) {
                members(known, &shape, &mut found);
            }
        }
        Kind::Key(function) => keys(known, function, &mut found),
        Kind::Index => {
            let owner = place
                .pieces
                .split_last()
                .map_or(&[][..], |(_, owner)| owner);
            if let Some(shape) = receiver::shape(known, owner) {
                for (name, field) in &shape.fields {
                    found.add(name, &format!("{name}\"]"), None, &field.kind);
                }
            }
        }
        Kind::Text => paths(&mut found),
        Kind::Nothing => {}
    }
    found.suggestions
}

/// Suggestions for one word.
struct Found<'a> {
    word: &'a str,
    span: Span,
    suggestions: Vec<Suggestion>,
}

impl Found<'_> {
    /// Offers `name`, if the word begins it: inserts `value`, shows `shown` and explains it.
    fn add(&mut self, name: &str, value: &str, shown: Option<String>, about: &str) {
        if !name.starts_with(self.word) {
            return;
        }
        self.suggestions.push(Suggestion {
            value: value.to_owned(),
            display_override: Some(shown.unwrap_or_else(|| name.to_owned())),
            description: Some(about.to_owned()),
            span: self.span,
            ..Suggestion::default()
        });
    }

    /// Offers a function; `skip` of its parameters stand before the dot.
    fn add_function(&mut self, function: &Function, skip: usize) {
        let parameters = function.parameters.get(skip..).unwrap_or_default();
        let shown = format!("{}({})", function.name, parameters.join(", "));
        let end = if parameters.is_empty() { "()" } else { "(" };
        let value = format!("{}{end}", function.name);
        let is_there = |other: &Suggestion| other.display_value() == shown;
        if !self.suggestions.iter().any(is_there) {
            let about = function.summary().trim_end_matches('.');
            self.add(&function.name, &value, Some(shown), about);
        }
    }
}

fn commands(found: &mut Found) {
    for spec in &COMMANDS {
        let space = if spec.argument.is_empty() { "" } else { " " };
        let shown = format!("{}{space}{}", spec.name, spec.argument);
        let value = format!("{}{space}", spec.name);
        found.add(spec.name, &value, Some(shown), spec.summary);
    }
}

fn arguments(known: &Knowledge, takes: Takes, found: &mut Found) {
    match takes {
        Takes::Name => {
            for spec in &COMMANDS {
                found.add(spec.name, spec.name, None, spec.summary);
            }
            for function in known.all_functions().filter(|each| is_callable(each)) {
                let is_there = |other: &Suggestion| other.value == function.name;
                if !found.suggestions.iter().any(is_there) {
                    found.add(&function.name, &function.name, None, function.summary());
                }
            }
        }
        Takes::File => {
            paths(found);
            for script in shipped() {
                found.add(&script.name, &script.name, None, &script.summary);
            }
        }
        Takes::Switch => {
            found.add("on", "on", None, "sends without asking");
            found.add("off", "off", None, "asks before anything is sent");
        }
        Takes::Nothing | Takes::Script | Takes::Assessment => {}
    }
}

fn is_callable(function: &Function) -> bool {
    !function.name.contains('$')
}

fn names(known: &Knowledge, found: &mut Found) {
    for variable in &known.variables {
        found.add(&variable.name, &variable.name, None, &variable.summary);
    }
    let functions = known.all_functions().filter(|each| is_callable(each));
    // Functions of a value are offered behind its dot; with nothing written, Rhai's own would hide the rest.
    for function in functions {
        // Only those of this program say what goes wrong.
        let is_own = function.doc.contains("# Errors") && !function.is_method;
        if is_own || known.defined.contains(function) || !found.word.is_empty() {
            found.add_function(function, 0);
        }
    }
    if !found.word.is_empty() {
        for word in KEYWORDS {
            found.add(word, word, None, "word of the language");
        }
    }
}

fn members(known: &Knowledge, shape: &Shape, found: &mut Found) {
    for (name, field) in &shape.fields {
        if is_plain_name(name) {
            found.add(name, name, None, &field.kind);
        }
    }
    let of_kind = |function: &&Function| function.receiver.as_deref() == Some(&shape.kind);
    for function in known.functions.iter().filter(of_kind) {
        if let Some(property) = function.name.strip_prefix("get$") {
            found.add(property, property, None, function.summary());
        }
    }
    for function in known
        .functions
        .iter()
        .filter(of_kind)
        .filter(|each| is_callable(each))
    {
        found.add_function(function, 1);
    }
}

/// Tells whether a key can stand behind a dot.
fn is_plain_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Offers the keys that the doc comment of `function` lists, or that of the function it points to for a request.
fn keys(known: &Knowledge, function: &str, found: &mut Found) {
    let all = || known.functions.iter();
    let named = |name: &str| {
        let name = name.to_owned();
        all().filter(move |function| function.name == name)
    };
    let mut lists: Vec<&Function> = named(function).collect();
    if lists.iter().all(|each| each.options().next().is_none()) {
        let pointed_to = lists.iter().find_map(|each| {
            let (_, rest) = each.doc.split_once("(see `")?;
            Some(rest.split('`').next()?.to_owned())
        });
        lists = pointed_to
            .map(|name| named(&name).collect())
            .unwrap_or_default();
    }
    for (key, about) in lists.iter().flat_map(|each| each.options()) {
        found.add(key, &format!("{key}: "), None, about);
    }
}

fn paths(found: &mut Found) {
    for path in files::beginning_with(found.word) {
        let about = if path.ends_with('/') {
            "directory"
        } else {
            "file"
        };
        found.add(&path, &path, None, about);
    }
}
