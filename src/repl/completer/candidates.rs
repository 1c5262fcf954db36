//! What fits where the cursor stands.

use reedline::{Span, Suggestion};

use super::super::commands::{COMMANDS, Takes};
use super::super::knowledge::{Knowledge, takes_first};
use super::place::{Kind, Place};
use super::{files, receiver};
use crate::reference::{Entry, Form};
use crate::render::visible_line;
use crate::script::{Kind as CallKind, Shape, shipped};

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
        // What steers a terminal, such as the name of a column, is not put into the line that is edited.
        if !name.starts_with(self.word) || visible_line(name) != name {
            return;
        }
        self.suggestions.push(Suggestion {
            value: value.to_owned(),
            display_override: Some(shown.unwrap_or_else(|| name.to_owned())),
            description: Some(visible_line(about)),
            span: self.span,
            ..Suggestion::default()
        });
    }

    /// Offers what can be called: each of its forms, with `skip` of the parameters before the dot.
    fn add_calls(&mut self, entry: &Entry, skip: usize) {
        for form in &entry.forms {
            let names: Vec<&str> = form.parameters.iter().map(|each| &*each.name).collect();
            let names = names.get(skip..).unwrap_or_default();
            let is_only = entry.forms.len() == 1;
            self.add_call(&entry.name, names, &form.doc.summary, is_only);
        }
    }

    /// Offers a call; a bracket opens where there `is_only` one form: where there are several, they stay in sight.
    fn add_call(&mut self, name: &str, parameters: &[&str], summary: &str, is_only: bool) {
        let shown = format!("{name}({})", parameters.join(", "));
        let end = match (is_only, parameters.is_empty()) {
            (false, _) => "",
            (true, false) => "(",
            (true, true) => "()",
        };
        let is_there = |other: &Suggestion| other.display_value() == shown;
        if !self.suggestions.iter().any(is_there) {
            self.add(
                name,
                &format!("{name}{end}"),
                Some(shown),
                summary.trim_end_matches('.'),
            );
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
            for function in &known.defined {
                found.add(&function.name, &function.name, None, function.summary());
            }
            for entry in known.reference().entries().filter(|entry| is_named(entry)) {
                let name = entry.full_name();
                found.add(&name, &name, None, entry.summary());
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

/// Tells whether help can be asked for by the name.
fn is_named(entry: &Entry) -> bool {
    matches!(
        entry.kind,
        CallKind::Function | CallKind::Method | CallKind::Getter
    )
}

fn names(known: &Knowledge, found: &mut Found) {
    for variable in &known.variables {
        found.add(&variable.name, &variable.name, None, &variable.summary);
    }
    for function in &known.defined {
        let parameters = function.parameters.iter();
        let names: Vec<&str> = parameters.map(|each| &*each.name).collect();
        found.add_call(&function.name, &names, function.summary(), true);
    }
    let is_function = |entry: &&Entry| entry.kind == CallKind::Function;
    for entry in known.reference().entries().filter(is_function) {
        found.add_calls(entry, 0);
    }
    // With nothing written, Rhai's own would hide the rest.
    if found.word.is_empty() {
        return;
    }
    for entry in known.reference().standard().iter().filter(is_function) {
        found.add_calls(entry, 0);
    }
    for word in KEYWORDS {
        found.add(word, word, None, "word of the language");
    }
}

fn members(known: &Knowledge, shape: &Shape, found: &mut Found) {
    for (name, field) in &shape.fields {
        if is_plain_name(name) {
            found.add(name, name, None, &field.kind);
        }
    }
    let is_of_kind = |entry: &&Entry| takes_first(entry, &shape.kind);
    for entry in known.reference().entries().filter(is_of_kind) {
        match entry.kind {
            CallKind::Getter => found.add(&entry.name, &entry.name, None, entry.summary()),
            CallKind::Method => found.add_calls(entry, 1),
            _ => {}
        }
    }
    for entry in known.reference().standard().iter().filter(is_of_kind) {
        if matches!(entry.kind, CallKind::Function | CallKind::Method) {
            found.add_calls(entry, 1);
        }
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
    let named = |name: &str| -> Vec<&Form> {
        let entries = known.reference().entries();
        let entries = entries.filter(|entry| entry.name == name);
        entries.flat_map(|entry| &entry.forms).collect()
    };
    let mut forms = named(function);
    if forms.iter().all(|form| form.doc.options.is_empty()) {
        let pointed_to = forms.iter().find_map(|form| {
            let (_, rest) = form.comment.split_once("(see `")?;
            rest.split('`').next()
        });
        forms = pointed_to.map(named).unwrap_or_default();
    }
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for option in forms
        .iter()
        .flat_map(|form| known.reference().options(form))
    {
        for key in &option.names {
            // Several forms may take the same.
            if !keys.iter().any(|(other, _)| other == key) {
                keys.push((key, &option.text));
            }
        }
    }
    for (key, about) in keys {
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
