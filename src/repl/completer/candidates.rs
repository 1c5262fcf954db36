//! Suggests completions for what is being typed at the cursor.

use std::fs;
use std::path::Path;

use reedline::{Span, Suggestion};

use super::super::commands::{ArgumentKind, COMMANDS};
use super::super::completion_index::{CompletionIndex, takes_first};
use super::cursor_context::{CompletionKind, CursorContext};
use super::modules;
use super::receiver::Inference;
use crate::reference::Entry;
use crate::script::{CompletionType, Function, FunctionKind, ImportedModule, MapSchema, shipped};
use crate::text::escape_line;

/// Keywords that start or join statements.
const KEYWORDS: [&str; 20] = [
    "break", "catch", "const", "continue", "else", "false", "fn", "for", "if", "import", "in",
    "let", "loop", "return", "switch", "throw", "true", "try", "until", "while",
];

const MAX_PATHS: usize = 200;

/// Lists the completions for the end of `before`.
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
        CompletionKind::Command => commands(&mut builder),
        CompletionKind::Argument(argument) => arguments(index, *argument, &mut builder),
        CompletionKind::Name => names(index, &mut builder),
        CompletionKind::Member => {
            if let Some(owner) = owner_type(index, cursor_context) {
                members(index, &owner, &mut builder);
            }
        }
        CompletionKind::ModuleMember(alias) => {
            if let Some(module) = modules::find(index, &cursor_context.tokens, alias) {
                module_members(&module, &mut builder);
            }
        }
        CompletionKind::Key(function) => keys(index, function, &mut builder),
        CompletionKind::Index => {
            if let Some(owner) = owner_type(index, cursor_context) {
                for (name, field) in &owner.fields {
                    builder.add(name, &format!("{name}\"]"), None, &field.description());
                }
            }
        }
        CompletionKind::Text => paths(&mut builder),
        CompletionKind::Nothing => {}
    }
    builder.suggestions
}

/// Infers the type of the value before the dot or bracket at the cursor.
fn owner_type(index: &CompletionIndex, cursor_context: &CursorContext) -> Option<CompletionType> {
    let tokens = &cursor_context.tokens;
    Inference::new(index, tokens).type_before(tokens.len().checked_sub(1)?)
}

/// Suggestions for one word.
struct SuggestionBuilder<'a> {
    word: &'a str,
    span: Span,
    suggestions: Vec<Suggestion>,
}

impl SuggestionBuilder<'_> {
    /// Suggests `name` if it starts with the word: `value` is inserted, `shown` is displayed and `about` explains it.
    fn add(&mut self, name: &str, value: &str, shown: Option<String>, about: &str) {
        // The name of a column may contain control characters, which must not get into the edited line.
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

    /// Suggests each overload of a function; the first `skip` parameters are before the dot.
    fn add_calls(&mut self, entry: &Entry, skip: usize) {
        for overload in &entry.overloads {
            let names: Vec<&str> = overload.parameters.iter().map(|each| &*each.name).collect();
            let names = names.get(skip..).unwrap_or_default();
            let is_only = entry.overloads.len() == 1;
            self.add_call(&entry.name, names, &overload.doc.summary, is_only);
        }
    }

    /// Suggests a call of a function of a script.
    fn add_function(&mut self, function: &Function) {
        let parameters = function.parameters.iter();
        let names: Vec<&str> = parameters.map(|each| &*each.name).collect();
        self.add_call(&function.name, &names, function.summary(), true);
    }

    /// Suggests a call. The parenthesis is only inserted if it `is_only` overload, so that the others stay visible.
    fn add_call(&mut self, name: &str, parameters: &[&str], summary: &str, is_only: bool) {
        let shown = format!("{name}({})", parameters.join(", "));
        let end = match (is_only, parameters.is_empty()) {
            (false, _) => "",
            (true, false) => "(",
            (true, true) => "()",
        };
        let is_same = |other: &Suggestion| other.display_value() == shown;
        if !self.suggestions.iter().any(is_same) {
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
        let placeholder = spec.argument.placeholder();
        let space = if placeholder.is_empty() { "" } else { " " };
        let shown = format!("{}{space}{placeholder}", spec.name);
        let value = format!("{}{space}", spec.name);
        builder.add(spec.name, &value, Some(shown), spec.summary);
    }
}

fn arguments(index: &CompletionIndex, argument: ArgumentKind, builder: &mut SuggestionBuilder) {
    match argument {
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

/// Returns whether `:help` finds the entry by its name.
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
        builder.add_function(function);
    }
    for module in &index.imports {
        let alias = &module.alias;
        builder.add(alias, &format!("{alias}::"), None, "module");
    }
    let is_function = |entry: &&Entry| entry.kind == FunctionKind::Function;
    for entry in index.reference().entries().filter(is_function) {
        builder.add_calls(entry, 0);
    }
    // Without a letter, Rhai's own functions would hide the others.
    if builder.word.is_empty() {
        return;
    }
    for entry in index.reference().standard().iter().filter(is_function) {
        builder.add_calls(entry, 0);
    }
    for word in KEYWORDS {
        builder.add(word, word, None, "keyword");
    }
}

fn module_members(module: &ImportedModule, builder: &mut SuggestionBuilder) {
    for function in &module.functions {
        builder.add_function(function);
    }
    for name in &module.variables {
        builder.add(name, name, None, "variable");
    }
}

fn members(index: &CompletionIndex, owner: &CompletionType, builder: &mut SuggestionBuilder) {
    for (name, field) in &owner.fields {
        if is_plain_name(name) {
            builder.add(name, name, None, &field.description());
        }
    }
    let is_of_kind = |entry: &&Entry| takes_first(entry, &owner.kind);
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

/// Returns whether a key can be written after a dot.
fn is_plain_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Suggests the keys of the maps that `function` takes, or that its closure returns.
fn keys(index: &CompletionIndex, function: &str, builder: &mut SuggestionBuilder) {
    let entries = index.reference().entries();
    let overloads = entries.filter(|entry| entry.name == function);
    let parameters = overloads
        .flat_map(|entry| &entry.overloads)
        .flat_map(|overload| &overload.parameters);
    let mut schemas: Vec<&MapSchema> = parameters.filter_map(|each| each.schema).collect();
    // Several overloads may take the same map.
    schemas.dedup();
    for key in schemas.into_iter().flat_map(|schema| schema.keys) {
        builder.add(key.name, &format!("{}: ", key.name), None, key.doc);
    }
}

fn paths(builder: &mut SuggestionBuilder) {
    for path in matching_paths(builder.word) {
        let about = if path.ends_with('/') {
            "directory"
        } else {
            "file"
        };
        builder.add(&path, &path, None, about);
    }
}

/// Lists the files and directories whose paths start with `written`, sorted; hidden ones only after a dot.
fn matching_paths(written: &str) -> Vec<String> {
    let name_start = written.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let (directory, prefix) = written.split_at(name_start);
    let parent = if directory.is_empty() { "." } else { directory };
    let Ok(entries) = fs::read_dir(Path::new(parent)) else {
        return Vec::new();
    };
    let mut paths: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_hidden = name.starts_with('.') && !prefix.starts_with('.');
            if is_hidden || !name.starts_with(prefix) {
                return None;
            }
            let end = if entry.path().is_dir() { "/" } else { "" };
            Some(format!("{directory}{name}{end}"))
        })
        .take(MAX_PATHS)
        .collect();
    paths.sort();
    paths
}
