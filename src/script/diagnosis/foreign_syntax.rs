//! Hints for syntax of other languages, such as Python or JavaScript.
//!
//! The parser stops at the first token that it does not understand. The text around that token shows what was meant.

use super::foreign_words::{
    BLOCK, CLOSURE, CONDITIONAL, DESTRUCTURING, FUNCTIONS, KEYWORDS, LOOP, MAP, NOTHING, OPERATORS,
    PAIRS, PART, PATTERN, TEMPLATE,
};
use crate::script::error::diagnostic::{SourceLocation, word_at};

/// Returns a hint for the syntax at `location`, if it is known from another language.
pub(super) fn at(location: &SourceLocation) -> Option<String> {
    let line = location.line_text();
    let start = line.char_indices().nth(location.column.saturating_sub(1));
    let (before, rest) = line.split_at_checked(start.map_or(line.len(), |(at, _)| at))?;
    let before = LinePrefix(before.trim_end());
    // After a dot it is a column, and a column may have any name.
    if before.0.ends_with('.') {
        return None;
    }
    let word = word_at(rest, 0);
    if before.is_in_map() && rest[word.len()..].trim_start().starts_with(':') {
        return Some(format!(
            "quote a key that is a reserved word: `\"{word}\": …`"
        ));
    }
    let hint = before
        .destructuring_hint(rest)
        .or_else(|| has_arrow_function(line).then_some(CLOSURE))
        .or_else(|| before.bracket_hint(word, rest))
        .or_else(|| before.loop_hint(word, rest))
        .or_else(|| known(&KEYWORDS, word).filter(|_| !before.begins_statement(word)))
        .or_else(|| known(&KEYWORDS, before.last_word()))
        .or_else(|| before.symbol_hint(rest))?;
    Some(hint.to_owned())
}

/// Returns a hint for an unknown variable, if its name is known from another language.
pub(in crate::script) fn variable(name: &str, location: &SourceLocation) -> Option<String> {
    let line = location.line_text();
    let start = line
        .char_indices()
        .nth(location.column.saturating_sub(1))?
        .0;
    let rest = line.get(start + name.len()..).unwrap_or("").trim_start();
    let hint = match name {
        "None" | "Nil" | "Null" | "NULL" | "undefined" => NOTHING.to_owned(),
        "True" | "TRUE" | "False" | "FALSE" => format!("write `{}`", name.to_lowercase()),
        _ if function(name).is_some() && rest.starts_with('.') => function(name)?.to_owned(),
        _ if rest.starts_with('=') && !rest.starts_with("==") => {
            format!("declare a new variable with `let`: `let {name} = …`")
        }
        _ => return known(&KEYWORDS, name).map(str::to_owned),
    };
    Some(hint)
}

/// Returns a hint for an unknown function, if its name is known from another language.
pub(in crate::script) fn function(name: &str) -> Option<&'static str> {
    let of_that_name = |(names, _): &&(&[&str], &str)| names.contains(&name);
    FUNCTIONS.iter().find(of_that_name).map(|(_, hint)| *hint)
}

/// Returns a hint for a method of an unknown variable: `rules.f()` instead of `rules::f()`.
pub(in crate::script) fn member_of_module(
    name: &str,
    location: &SourceLocation,
    is_module: impl Fn(&str) -> bool,
) -> Option<String> {
    let line = location.line_text();
    let start = line
        .char_indices()
        .nth(location.column.saturating_sub(1))?
        .0;
    let member = line
        .get(start + name.len()..)?
        .trim_start()
        .strip_prefix('.')?;
    let member = word_at(member.trim_start(), 0);
    is_module(name).then(|| format!("`{name}` is an imported script: write `{name}::{member}`"))
}

/// `(x) => x + 1`, `(a, b) => a + b`
fn has_arrow_function(line: &str) -> bool {
    line.split_once("=>").is_some_and(|(before, _)| {
        let parameters = before.trim_end().strip_suffix(')');
        let parameters = parameters.and_then(|before| before.rsplit_once('('));
        parameters.is_some_and(|(_, names)| {
            let mut names = names.split(',').map(str::trim);
            names.all(|name| word_at(name, 0) == name)
        })
    })
}

fn known(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let found = table.iter().find(|(known, _)| *known == name);
    found.map(|(_, hint)| *hint)
}

/// The part of a line before an error.
struct LinePrefix<'a>(&'a str);

impl<'a> LinePrefix<'a> {
    fn last_word(&self) -> &'a str {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let start = self.0.trim_end_matches(is_word).len();
        &self.0[start..]
    }

    /// The first word of the statement.
    fn first_word(&self) -> &'a str {
        let statement = self.0.rsplit([';', '{', '}']).next().unwrap_or(self.0);
        word_at(statement.trim_start(), 0)
    }

    /// Whether `word` begins a statement of Rhai, too: the statement before may lack its end.
    fn begins_statement(&self, word: &str) -> bool {
        self.0.is_empty() && matches!(word, "do" | "print" | "try")
    }

    /// Decides by the bracket that is open.
    fn bracket_hint(&self, word: &str, rest: &str) -> Option<&'static str> {
        let mut depth = 0;
        let (at, bracket) = self.0.char_indices().rev().find(|(_, c)| {
            match c {
                ')' | ']' | '}' => depth += 1,
                '(' | '[' | '{' if depth > 0 => depth -= 1,
                '(' | '[' | '{' => return true,
                _ => {}
            }
            false
        })?;
        let outside = LinePrefix(self.0[..at].trim_end());
        let follows_value = outside
            .0
            .ends_with(|c: char| c.is_alphanumeric() || "_)]\"".contains(c));
        let is_keyword =
            ["if", "while", "for", "switch", "in", "return"].contains(&outside.last_word());
        let is_call = follows_value && !is_keyword;
        match (bracket, rest.chars().next()?) {
            ('[', ':') if is_call => Some(PART),
            ('[', 'f') if word == "for" => {
                Some("write `list.map(|x| x * 2)`, and `list.filter(|x| x > 1)` to choose items")
            }
            ('(', ',') if !is_call => Some("a list is in brackets: `[1, 2]`"),
            ('(', '=') if is_call && outside.first_word() == "fn" => Some(
                "parameters have no defaults: define another function with fewer parameters that calls this one",
            ),
            ('(', '=') if is_call && !rest.starts_with("==") && !rest.starts_with("=>") => Some(
                "arguments have no names: pass them in order, or if it takes options, in a map: `#{ days: 5 }`",
            ),
            (_, '/') => Some(PATTERN),
            _ => None,
        }
    }

    /// `let [a, b] = list`, `let { a, b } = map`, `for [a, b] in list`
    fn destructuring_hint(&self, rest: &str) -> Option<&'static str> {
        if self.last_word() == "for" && rest.starts_with('[') {
            return Some(PAIRS);
        }
        if matches!(self.last_word(), "if" | "while") && word_at(rest, 0) == "let" {
            return Some("declare the variable first: `let x = …; while x != () { … }`");
        }
        let is_declaration = matches!(self.last_word(), "let" | "const" | "var");
        (is_declaration && rest.starts_with(['[', '{', '('])).then_some(DESTRUCTURING)
    }

    /// Whether a key of a map comes next.
    fn is_in_map(&self) -> bool {
        self.0.ends_with("#{") || (self.0.ends_with(',') && self.0.contains("#{"))
    }

    /// `for (const x of list)`, `for (let i = 0; i < 3; i++)`
    fn loop_hint(&self, word: &str, rest: &str) -> Option<&'static str> {
        let is_open = self
            .0
            .strip_suffix('(')
            .map(str::trim_end)?
            .ends_with("for");
        if !is_open || !matches!(word, "const" | "let" | "var") {
            return None;
        }
        let counts = rest.split('{').next().unwrap_or(rest).contains(';');
        Some(if counts {
            "write a counting loop as `for i in 0..3 { … }`"
        } else {
            LOOP
        })
    }

    /// Decides by the symbol at the start of `rest`.
    fn symbol_hint(&self, rest: &str) -> Option<&'static str> {
        let signs = rest.len() - rest.trim_start_matches(|c| "=!<>+-:#~.".contains(c)).len();
        if let Some(hint) = known(&OPERATORS, &rest[..signs]) {
            return Some(hint);
        }
        if self.0.ends_with("??") && rest.starts_with('=') {
            return Some("write `x = x ?? 5`");
        }
        let opens_block = ["if", "for", "while", "else", "try"].contains(&self.first_word());
        match rest.chars().next()? {
            '?' => Some("there is no `x ? a : b`: write `if x { a } else { b }`"),
            '\'' => Some("put text in double quotes: `\"…\"`; single quotes are for one character"),
            '"' if self.last_word() == "f" => Some(TEMPLATE),
            ':' if self.is_key_of_bare_map() => Some(MAP),
            ':' if opens_block => Some(BLOCK),
            ':' if self.is_key_alone() => Some(MAP),
            'i' if word_at(rest, 0) == "if" && self.0.ends_with(|c: char| !"{};".contains(c)) => {
                Some(CONDITIONAL)
            }
            _ => None,
        }
    }

    /// `name` and `"name"`, with the brace on an earlier line
    fn is_key_alone(&self) -> bool {
        let text = self.0.trim_start();
        let name = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let name = name.unwrap_or(text);
        !name.is_empty() && word_at(name, 0) == name
    }

    /// `{name` and `{"name"`
    fn is_key_of_bare_map(&self) -> bool {
        let key = match self.0.strip_suffix('"') {
            Some(text) => text.rsplit_once('"').map_or("", |(before, _)| before),
            None => self.0.strip_suffix(self.last_word()).unwrap_or(""),
        };
        let before = key.trim_end().strip_suffix('{').map(str::trim_end);
        before.is_some_and(|before| {
            before.is_empty()
                || before.ends_with(['=', '(', ',', '[', ':', '|'])
                || before.ends_with("return")
        })
    }
}
