//! The reference as a Markdown document with links between its entries.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::model::{Entry, Overload, Reference, Topic};
use crate::error_code::ErrorCode;
use crate::script::{DocItem, FunctionKind};

const PREAMBLE: &str = "\
# Reference: what scripts can call

`gradient-bulk docs --format markdown` generates this page from the documentation of the functions. In the terminal,
`gradient-bulk docs NAME` shows one entry.

The types are those of scripts: `value` is any type, and `closure` is `|x| …` or the name of a function. A function without
`->` returns nothing. An error is a map `#{ error, message, … }` that `try … catch` can catch. Each function lists the values
of `error` that it can throw, and [Error codes](#error-codes) explains all of them.
";

const ERROR_CODES: &str = "
## Error codes

An uncaught error ends the script with the exit status in the last column. A script can throw its own codes; they end it
with 1. In the closure of `invite_all`, an error of the category *data* makes the row invalid; elsewhere, it ends the script.
The codes of the category *lint* are reported by `check` only.

| `error` | meaning | category | exit status |
|---|---|---|---|
";

/// Writes the whole reference.
pub fn document(reference: &Reference) -> String {
    let anchors = Anchors::of(reference);
    let mut text = PREAMBLE.to_owned();
    text.push('\n');
    for topic in &reference.topics {
        let entries = topic
            .entries
            .iter()
            .filter(|entry| entry.kind != FunctionKind::Operator);
        let links: Vec<String> = entries
            .map(|entry| anchors.link(&entry.full_name(), entry))
            .collect();
        let title = topic.title;
        let colon = if links.is_empty() { "" } else { ": " };
        let _ = writeln!(
            text,
            "- [{title}]({}){colon}{}",
            anchors.topic(title),
            links.join(", ")
        );
    }
    text.push_str("- [Error codes](#error-codes)\n");
    for topic in &reference.topics {
        let _ = writeln!(text, "\n## {}", topic.title);
        if !topic.introduction.is_empty() {
            let _ = writeln!(text, "\n{}", topic.introduction);
        }
        for entry in &topic.entries {
            let writer = EntryWriter {
                anchors: &anchors,
                reference,
                topic,
                entry,
            };
            writer.write(&mut text);
        }
    }
    write_error_codes(&mut text);
    text
}

fn write_error_codes(text: &mut String) {
    text.push_str(ERROR_CODES);
    let mut codes = ErrorCode::ALL.to_vec();
    codes.sort_by_key(|code| code.name());
    for code in codes {
        let (name, summary) = (code.name(), code.summary());
        let exit_status = code.exit_status().code();
        let category = code.category().name();
        let _ = writeln!(
            text,
            "| `{name}` | {summary} | {category} | {exit_status} |"
        );
    }
}

/// The anchors of headings, by GitHub's rule: lower case, spaces as hyphens, no punctuation; repeated headings are numbered.
struct Anchors {
    topics: HashMap<&'static str, String>,
    entries: HashMap<String, String>,
}

impl Anchors {
    fn of(reference: &Reference) -> Self {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut anchor = |heading: &str| {
            let kept =
                |letter: &char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | ' ');
            let slug: String = heading.to_lowercase().chars().filter(kept).collect();
            let slug = slug.replace(' ', "-");
            let times = seen.entry(slug.clone()).or_default();
            *times += 1;
            match *times {
                1 => format!("#{slug}"),
                times => format!("#{slug}-{}", times - 1),
            }
        };
        anchor("Reference: what scripts can call");
        let mut anchors = Self {
            topics: HashMap::new(),
            entries: HashMap::new(),
        };
        for topic in &reference.topics {
            anchors.topics.insert(topic.title, anchor(topic.title));
            for entry in &topic.entries {
                let name = entry.full_name();
                let found = anchor(&name);
                anchors.entries.insert(name, found);
            }
        }
        anchors
    }

    fn topic(&self, title: &str) -> &str {
        self.topics.get(title).map_or("", |anchor| anchor)
    }

    /// Writes code as a link to `entry`.
    fn link(&self, text: &str, entry: &Entry) -> String {
        let anchor = self.entries.get(&entry.full_name());
        format!("[`{text}`]({})", anchor.map_or("", |anchor| anchor))
    }
}

struct EntryWriter<'a> {
    anchors: &'a Anchors,
    reference: &'a Reference,
    topic: &'a Topic,
    entry: &'a Entry,
}

impl EntryWriter<'_> {
    fn write(&self, text: &mut String) {
        let _ = writeln!(text, "\n### `{}`", self.entry.full_name());
        for overload in &self.entry.overloads {
            self.write_overload(overload, text);
        }
    }

    fn write_overload(&self, overload: &Overload, text: &mut String) {
        let doc = &overload.doc;
        let _ = writeln!(text, "\n**`{}`**\n", overload.signature);
        let _ = writeln!(text, "{}", self.with_links(&doc.summary));
        for paragraph in &doc.description {
            let _ = writeln!(text, "\n{}", self.with_links(paragraph));
        }
        if !overload.options().is_empty() {
            text.push_str("\n| option | type | |\n|---|---|---|\n");
            for option in overload.options() {
                let meaning = self.with_links(option.doc).replace('|', "\\|");
                let type_note = option.type_note();
                let _ = writeln!(text, "| `{}` | {type_note} | {meaning} |", option.name);
            }
        }
        if let Some(shape) = self.entry.documented_result(overload) {
            let _ = writeln!(
                text,
                "\n{}:\n\n| key | type | |\n|---|---|---|",
                shape.heading()
            );
            for key in shape.keys {
                let meaning = key.doc.replace('|', "\\|");
                let _ = writeln!(text, "| `{}` | {} | {meaning} |", key.name, key.kind);
            }
        }
        if !doc.errors.is_empty() {
            text.push_str("\nErrors:\n\n");
            for DocItem { names, text: when } in &doc.errors {
                let colon = if names.is_empty() { "" } else { ": " };
                let _ = writeln!(
                    text,
                    "- {}{colon}{}",
                    code_list(names),
                    self.with_links(when)
                );
            }
        }
        if !doc.example.is_empty() {
            let _ = writeln!(text, "\n```rhai\n{}\n```", doc.example);
        }
    }

    /// Turns the names of other entries in backticks into links, except in paragraphs about keys or columns, which often have
    /// the names of functions.
    fn with_links(&self, text: &str) -> String {
        if ["Keys", "Columns"]
            .iter()
            .any(|word| text.starts_with(word))
        {
            return text.to_owned();
        }
        let parts = text.split('`').enumerate();
        let shown = parts.map(|(at, part)| match at % 2 {
            0 => part.to_owned(),
            _ => match self.linked_entry(part) {
                Some(entry) => self.anchors.link(part, entry),
                None => format!("`{part}`"),
            },
        });
        shown.collect()
    }

    /// Finds the entry that code in a text refers to: a function by its name, a member by `.name` or `name()`. Of several
    /// members, the one in the same topic is chosen.
    fn linked_entry(&self, code: &str) -> Option<&Entry> {
        let called = code.split('(').next().unwrap_or(code);
        let name = called.rsplit('.').next().unwrap_or(called);
        let is_member = code.contains(['.', '(']);
        let named: Vec<&Entry> = self
            .reference
            .entries()
            .filter(|entry| entry.name == name && (entry.owner.is_none() || is_member))
            .collect();
        let in_topic = |entry: &&&Entry| {
            self.topic
                .entries
                .iter()
                .any(|other| std::ptr::eq(other, **entry))
        };
        let function = named.iter().find(|entry| entry.owner.is_none());
        let linked_entry = match (function, named.as_slice()) {
            (Some(function), _) if !code.contains('.') => function,
            (_, [only]) => only,
            (_, several) => several.iter().find(in_topic)?,
        };
        (!std::ptr::eq(*linked_entry, self.entry)).then_some(linked_entry)
    }
}

fn code_list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
