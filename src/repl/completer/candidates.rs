//! What fits where the cursor stands.

use reedline::{Span, Suggestion};

use super::super::commands::{ArgumentKind, COMMANDS};
use super::super::completion_index::{CompletionIndex, takes_first};
use super::cursor_context::{CursorContext, Kind};
use super::{files, receiver};
use crate::reference::Entry;
use crate::script::{CompletionType, FunctionKind, MapSchema, shipped};
use crate::text::escape_line;

/// Words of the language that start or join statements.
const KEYWORDS: [&str; 20] = [
    "break", "catch", "const", "continue", "else", "false", "fn", "for", "if", "import", "in",
    "let", "loop", "return", "switch", "throw", "true", "try", "until", "while",
];

/// Lists what can stand at `cursor_context`, at the end of `before`.
pub(super) fn suggest(
    index: &CompletionIndex,
    cursor_context: &CursorContext,
    before: &str,
) -> Vec<Suggestion> {
    let word = before.get(cursor_context.start..).unwrap_or("");
    let mut builder = SuggestionBuilder {
        word,
        span: Span::new(cursor_context.start, before.len()),
        suggestions: Vec::new(),
    };
    match &cursor_context.kind {
        Kind::Command => commands(&mut builder),
        Kind::Argument(argument_kind) => arguments(index, *argument_kind, &mut builder),
        Kind::Name => names(index, &mut builder),
        Kind::Member => {
            let owner = cursor_context
                .tokens
                .split_last()
                .map_or(&[][..], |(_, owner)| owner);
            if let Some(shape) = receiver::shape(index, owner) {
                members(index, &shape, &mut builder);
            }
        }
        Kind::Key(function) => keys(index, function, &mut builder),
        Kind::Index => {
            let owner = cursor_context
                .tokens
                .split_last()
                .map_or(&[][..], |(_, owner)| owner);
            if let Some(shape) = receiver::shape(index, owner) {
                for (name, field) in &shape.fields {
                    builder.add(name, &format!("{name}\"]"), None, &field.kind);
                }
            }
        }
        Kind::Text => paths(&mut builder),
        Kind::Nothing => {}
    }
    builder.suggestions
}

/// Suggestions for one word.
struct SuggestionBuilder<'a> {
    word: &'a str,
    span: Span,
    suggestions: Vec<Suggestion>,
}

impl SuggestionBuilder<'_> {
    /// Offers `name`, if the word begins it: inserts `value`, shows `shown` and explains it.
    fn add(&mut self, name: &str, value: &str, shown: Option<String>, about: &str) {
        // What steers a terminal, such as the name of a column, is not put into the line that is edited.
        if !name.starts_with(self.word) || escape_line(name) != name {
            return;
        }
        self.suggestions.push(Suggestion {
            value: value.to_owned(),
            display_override: Some(shown.unwrap_or_else(|| name.to_owned())),
            description: Some(escape_line(about)),
            span: self.span,
            ..Suggestion::default()
        });
    }

    /// Offers what can be called: each of its forms, with `skip` of the parameters before the dot.
    fn add_calls(&mut self, entry: &Entry, skip: usize) {
        for overload in &entry.overloads {
            let names: Vec<&str> = overload.parameters.iter().map(|each| &*each.name).collect();
            let names = names.get(skip..).unwrap_or_default();
            let is_only = entry.overloads.len() == 1;
            self.add_call(&entry.name, names, &overload.doc.summary, is_only);
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

fn commands(builder: &mut SuggestionBuilder) {
    for spec in &COMMANDS {
        let space = if spec.argument.is_empty() { "" } else { " " };
        let shown = format!("{}{space}{}", spec.name, spec.argument);
        let value = format!("{}{space}", spec.name);
        builder.add(spec.name, &value, Some(shown), spec.summary);
    }
}

fn arguments(
    index: &CompletionIndex,
    argument_kind: ArgumentKind,
    builder: &mut SuggestionBuilder,
) {
    match argument_kind {
        ArgumentKind::Name => {
            for spec in &COMMANDS {
                builder.add(spec.name, spec.name, None, spec.summary);
            }
            for function in &index.defined {
                builder.add(&function.name, &function.name, None, function.summary());
            }
            for entry in index.reference().entries().filter(|entry| is_named(entry)) {
                let name = entry.full_name();
                builder.add(&name, &name, None, entry.summary());
            }
        }
        ArgumentKind::File => {
            paths(builder);
            for script in shipped() {
                builder.add(&script.name, &script.name, None, &script.summary);
            }
        }
        ArgumentKind::Switch => {
            builder.add("on", "on", None, "sends without asking");
            builder.add("off", "off", None, "asks before anything is sent");
        }
        ArgumentKind::Nothing | ArgumentKind::Script | ArgumentKind::Assessment => {}
    }
}

/// Tells whether help can be asked for by the name.
fn is_named(entry: &Entry) -> bool {
    matches!(
        entry.kind,
        FunctionKind::Function | FunctionKind::Method | FunctionKind::Getter
    )
}

fn names(index: &CompletionIndex, builder: &mut SuggestionBuilder) {
    for variable in &index.variables {
        builder.add(&variable.name, &variable.name, None, &variable.summary);
    }
    for function in &index.defined {
        let parameters = function.parameters.iter();
        let names: Vec<&str> = parameters.map(|each| &*each.name).collect();
        builder.add_call(&function.name, &names, function.summary(), true);
    }
    let is_function = |entry: &&Entry| entry.kind == FunctionKind::Function;
    for entry in index.reference().entries().filter(is_function) {
        builder.add_calls(entry, 0);
    }
    // With nothing written, Rhai's own would hide the rest.
    if builder.word.is_empty() {
        return;
    }
    for entry in index.reference().standard().iter().filter(is_function) {
        builder.add_calls(entry, 0);
    }
    for word in KEYWORDS {
        builder.add(word, word, None, "word of the language");
    }
}

fn members(index: &CompletionIndex, shape: &CompletionType, builder: &mut SuggestionBuilder) {
    for (name, field) in &shape.fields {
        if is_plain_name(name) {
            builder.add(name, name, None, &field.kind);
        }
    }
    let is_of_kind = |entry: &&Entry| takes_first(entry, &shape.kind);
    for entry in index.reference().entries().filter(is_of_kind) {
        match entry.kind {
            FunctionKind::Getter => builder.add(&entry.name, &entry.name, None, entry.summary()),
            FunctionKind::Method => builder.add_calls(entry, 1),
            _ => {}
        }
    }
    for entry in index.reference().standard().iter().filter(is_of_kind) {
        if matches!(entry.kind, FunctionKind::Function | FunctionKind::Method) {
            builder.add_calls(entry, 1);
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

/// Offers the keys of the maps that `function` takes, or that its closure returns.
fn keys(index: &CompletionIndex, function: &str, builder: &mut SuggestionBuilder) {
    let entries = index.reference().entries();
    let overloads = entries.filter(|entry| entry.name == function);
    let parameters = overloads
        .flat_map(|entry| &entry.overloads)
        .flat_map(|overload| &overload.parameters);
    let mut schemas: Vec<&MapSchema> = parameters.filter_map(|each| each.schema).collect();
    // Several forms may take the same.
    schemas.dedup();
    for key in schemas.into_iter().flat_map(|schema| schema.keys) {
        builder.add(key.name, &format!("{}: ", key.name), None, key.doc);
    }
}

fn paths(builder: &mut SuggestionBuilder) {
    for path in files::beginning_with(builder.word) {
        let about = if path.ends_with('/') {
            "directory"
        } else {
            "file"
        };
        builder.add(&path, &path, None, about);
    }
}
