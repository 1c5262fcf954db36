//! The reference as text for a terminal, wrapped and with optional colors.

use anstyle::{AnsiColor, Style};

use super::model::{Entry, Overload, Reference, Topic};
use crate::script::{Doc, DocItem, OptionKey, ResultKey};
use crate::text::wrap_at_spaces;

const CODE: Style = AnsiColor::Cyan.on_default();
const STRONG: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Longer lines are hard to read, however wide the terminal is.
const MAX_WIDTH: usize = 100;
/// With less room to the right of the call, the summary goes below it.
const MIN_SUMMARY_WIDTH: usize = 32;

/// Explains each overload of entries with one name; lists entries with several names, such as those of a type.
pub fn entry(entries: &[&Entry], width: usize, color: bool) -> String {
    let mut writer = TerminalWriter::new(width, color);
    let name = entries.first().map(|entry| &entry.name);
    if entries.iter().all(|entry| Some(&entry.name) == name) {
        for entry in entries {
            for overload in &entry.overloads {
                writer.overload(entry, overload);
            }
        }
    } else {
        writer.list(entries.iter().copied());
    }
    writer.text
}

/// Shows a page about the language: its text, and its functions.
pub fn page(topic: &Topic, width: usize, color: bool) -> String {
    let mut writer = TerminalWriter::new(width, color);
    writer.line(0, &writer.paint(STRONG, topic.title));
    let mut is_code = false;
    for paragraph in topic.introduction.split("\n\n") {
        writer.blank_line();
        let lines = paragraph.lines();
        if is_code || paragraph.starts_with("```") {
            for line in lines.filter(|line| !line.starts_with("```")) {
                writer.line(4, &writer.paint(CODE, line));
            }
            is_code = !paragraph.ends_with("```");
        } else {
            let text: Vec<String> = lines.map(without_link).collect();
            writer.wrapped(2, 2, &writer.highlight_code(&text.join(" ")));
        }
    }
    writer.blank_line();
    writer.list(&topic.entries);
    writer.text
}

/// Lists everything by topic.
pub fn overview(reference: &Reference, width: usize, color: bool) -> String {
    let mut writer = TerminalWriter::new(width, color);
    for topic in &reference.topics {
        writer.blank_line();
        writer.line(0, &writer.paint(STRONG, topic.title));
        if topic.entries.is_empty() {
            let about = format!("`docs {}` explains them", topic.title.to_lowercase());
            writer.line(2, &writer.highlight_code(&about));
        }
        writer.list(&topic.entries);
    }
    writer.text
}

/// Turns `[Lists](#lists)` into `Lists`.
fn without_link(line: &str) -> String {
    let Some((before, rest)) = line.split_once('[') else {
        return line.to_owned();
    };
    match rest
        .split_once("](#")
        .and_then(|(text, rest)| Some((text, rest.split_once(')')?.1)))
    {
        Some((text, after)) => format!("{before}{text}{after}"),
        None => line.to_owned(),
    }
}

/// Builds a text whose lines all end with a line break.
struct TerminalWriter {
    width: usize,
    color: bool,
    text: String,
}

impl TerminalWriter {
    fn new(width: usize, color: bool) -> Self {
        Self {
            width: width.min(MAX_WIDTH),
            color,
            text: String::new(),
        }
    }

    fn overload(&mut self, entry: &Entry, overload: &Overload) {
        self.blank_line();
        let mut signature = self.paint(STRONG, &overload.signature);
        if let Some(owner) = &entry.owner {
            signature.push_str("  ");
            signature.push_str(&self.paint(DIM, &format!("of {owner}")));
        }
        self.wrapped(0, 4, &signature);
        let Doc {
            summary,
            description,
            errors,
            example,
        } = &overload.doc;
        self.wrapped(2, 2, &self.highlight_code(summary));
        for paragraph in description {
            let is_entry = paragraph.starts_with(['-', '*']);
            if !is_entry {
                self.blank_line();
            }
            self.wrapped(
                2,
                if is_entry { 4 } else { 2 },
                &self.highlight_code(paragraph),
            );
        }
        let option = |option: &OptionKey| {
            let name = self.paint(CODE, option.name);
            let type_note = self.highlight_code(&option.type_note());
            let doc = self.highlight_code(option.doc);
            format!("{name} ({type_note}): {doc}")
        };
        let options = overload.options().iter().map(option).collect();
        self.list_items("Options", options);
        if let Some(shape) = entry.documented_result(overload) {
            let key = |key: &ResultKey| {
                let name = self.paint(CODE, key.name);
                format!("{name} ({}): {}", key.kind, self.highlight_code(key.doc))
            };
            let keys = shape.keys.iter().map(key).collect();
            self.list_items(&shape.heading(), keys);
        }
        let error = |item: &DocItem| {
            let names = item.names.iter().map(|name| self.paint(CODE, name));
            let names = names.collect::<Vec<_>>().join(", ");
            let colon = if names.is_empty() { "" } else { ": " };
            format!("{names}{colon}{}", self.highlight_code(&item.text))
        };
        let errors = errors.iter().map(error).collect();
        self.list_items("Errors", errors);
        if !example.is_empty() {
            self.blank_line();
            self.line(2, "Example");
            for line in example.lines() {
                self.line(4, &self.paint(CODE, line.trim_end()));
            }
        }
    }

    fn list_items(&mut self, heading: &str, items: Vec<String>) {
        if items.is_empty() {
            return;
        }
        self.blank_line();
        self.wrapped(2, 2, heading);
        for item in items {
            self.wrapped(4, 6, &item);
        }
    }

    /// Lists entries, each with its summary to the right of or below the call.
    fn list<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>) {
        let rows = entries.into_iter().flat_map(|entry| {
            let owner = entry.owner.as_deref().unwrap_or("");
            let usages = entry.usages().into_iter();
            usages.map(move |(usage, summary)| match usage.chars().next() {
                Some('.' | '[') => (format!("{owner}{usage}"), summary),
                _ => (usage, summary),
            })
        });
        let rows: Vec<(String, &str)> = rows.collect();
        // A longer call is alone on its line.
        let room = self.width.saturating_sub(MIN_SUMMARY_WIDTH);
        let column = rows
            .iter()
            .map(|(usage, _)| usage.len() + 4)
            .filter(|column| *column <= room)
            .max()
            .unwrap_or(4);
        for (usage, summary) in rows {
            let usage_shown = self.paint(CODE, &usage);
            let summary = self.highlight_code(summary);
            if let Some(gap @ 1..) = column.checked_sub(usage.len() + 2) {
                let gap = " ".repeat(gap);
                self.wrapped(2, column, &format!("{usage_shown}{gap}{summary}"));
            } else {
                self.line(2, &usage_shown);
                self.wrapped(column, column, &summary);
            }
        }
    }

    /// Adds a text, its first line indented by `first` and the others by `rest`.
    fn wrapped(&mut self, first: usize, rest: usize, text: &str) {
        let text = format!("{:first$}{text}", "");
        self.text
            .push_str(&wrap_at_spaces(&text, self.width, rest - first));
        self.text.push('\n');
    }

    /// Adds a line without wrapping it.
    fn line(&mut self, indent: usize, text: &str) {
        if !text.is_empty() {
            self.text.extend(std::iter::repeat_n(' ', indent));
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    /// Adds an empty line, unless it would be the first one.
    fn blank_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Colors code in place of its backticks.
    fn highlight_code(&self, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let parts = text.split('`').enumerate();
        let shown = parts.map(|(at, part)| {
            let is_code = at % 2 == 1;
            if is_code {
                self.paint(CODE, part)
            } else {
                part.to_owned()
            }
        });
        shown.collect()
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
