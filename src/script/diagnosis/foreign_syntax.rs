//! Hints for syntax of other languages, such as Python or JavaScript.
//!
//! The parser stops at the first token that it does not understand. The text around that token shows what was meant.

use crate::script::error::diagnostic::{SourceLocation, word_at};

const NOTHING: &str =
    "the empty value is `()`: compare with `x == ()`, or write `x ?? 5` for a default";
const LOOP: &str = "write a loop over a list as `for item in list { … }`";
const BLOCK: &str = "put blocks in braces: `if x { … } else { … }`";
const MAP: &str = "a map starts with `#`: `#{ name: \"Jane\" }`";
const FUNCTION: &str = "a function starts with `fn`: `fn deadline(row) { … }`";
const CLOSURE: &str = "write an anonymous function as `|x| x + 1`";
const DESTRUCTURING: &str = "take the parts one by one: `let a = list[0]; let b = list[1];`";
const CONDITIONAL: &str = "`if` has a value: write `if x { a } else { b }`";

/// Keywords of other languages.
const KEYWORDS: [(&str, &str); 24] = [
    ("and", "write `&&` instead of `and`"),
    ("async", "remove `async`: every call waits for its result"),
    ("await", "remove `await`: every call waits for its result"),
    (
        "class",
        "there are no classes: use a map such as `#{ name: \"Jane\" }`",
    ),
    ("def", FUNCTION),
    ("del", "write `map.remove(\"key\")`"),
    ("delete", "write `map.remove(\"key\")`"),
    ("elif", "write `else if`"),
    ("elseif", "write `else if`"),
    ("elsif", "write `else if`"),
    ("except", "write `try { … } catch (problem) { … }`"),
    (
        "finally",
        "there is no `finally`: put the code after the `catch` block",
    ),
    ("func", FUNCTION),
    ("function", FUNCTION),
    ("is", "write `==` instead of `is`"),
    ("lambda", CLOSURE),
    ("new", "there is no `new`: call a function such as `now()`"),
    ("nil", NOTHING),
    ("not", "write `!x` instead of `not x`"),
    ("null", NOTHING),
    ("of", LOOP),
    ("or", "write `||` instead of `or`"),
    ("typeof", "write `type_of(x)`"),
    ("var", "declare a variable with `let`"),
];

/// Operators of other languages.
const OPERATORS: [(&str, &str); 9] = [
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("<>", "write `!=`"),
    ("++", "write `n += 1`"),
    ("--", "write `n -= 1`"),
    ("=>", CLOSURE),
    ("->", CLOSURE),
    (":=", "write `let x = …`"),
    ("#", "a comment starts with `//`"),
];

/// Functions of other languages.
const FUNCTIONS: [(&[&str], &str); 30] = [
    (&["append", "push_back"], "write `list.push(entry)`"),
    (&["push_front", "unshift"], "write `list.insert(0, entry)`"),
    (
        &["console", "echo", "log", "println", "printf", "puts"],
        "write `print(x)`",
    ),
    (
        &["captures_iter", "findall", "finditer", "matchAll"],
        "write `text.captures_all(regex(\"…\"))`",
    ),
    (
        &["center", "ljust", "padEnd", "padStart", "rjust", "zfill"],
        "write `text.padded(width, \"right\")`, and so on with `\"left\"` and `\"center\"`",
    ),
    (&["enumerate"], "write `for (item, index) in list { … }`"),
    (&["flat", "flatMap"], "write `list.flatten()`"),
    (&["groupBy", "groupby"], "write `list.group_by(\"key\")`"),
    (&["items"], "write `map.entries()`"),
    (&["keyBy"], "write `list.index_by(\"key\")`"),
    (
        &["match", "search", "test"],
        "write `text.matches(regex(\"…\"))`",
    ),
    (&["repeat"], "write `text.repeated(times)`"),
    (
        &["replaceAll", "sub"],
        "write `text.replaced(\"a\", \"b\")`, or with a pattern `text.replaced(regex(\"…\"), \"b\")`",
    ),
    (&["splitlines"], "write `text.lines()`"),
    (&["strip"], "write `text.trimmed()`"),
    (&["toFixed"], "write `format_number(x, #{ digits: 2 })`"),
    (&["toReversed"], "write `list.reversed()`"),
    (&["toSorted"], "write `list.sorted()`"),
    (&["uniq"], "write `list.unique()`"),
    (&["endsWith", "endswith"], "write `text.ends_with(\"…\")`"),
    (&["float", "parseFloat"], "write `parse_float(text)`"),
    (&["forEach"], LOOP),
    (&["length", "size", "count"], "write `x.len()`"),
    (&["includes"], "write `list.contains(x)`, or `x in list`"),
    (&["int", "Number", "parseInt"], "write `parse_int(text)`"),
    (&["isinstance", "typeof"], "write `type_of(x)`"),
    (&["lower", "toLowerCase"], "write `text.to_lower()`"),
    (&["str", "String", "toString"], "write `x.to_string()`"),
    (
        &["startsWith", "startswith"],
        "write `text.starts_with(\"…\")`",
    ),
    (&["upper", "toUpperCase"], "write `text.to_upper()`"),
];

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
        .or_else(|| before.loop_hint(word, rest))
        .or_else(|| known(&KEYWORDS, word))
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

    /// `let [a, b] = list`, `let { a, b } = map`
    fn destructuring_hint(&self, rest: &str) -> Option<&'static str> {
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
        let signs = rest.len() - rest.trim_start_matches(|c| "=!<>+-:#".contains(c)).len();
        if let Some(hint) = known(&OPERATORS, &rest[..signs]) {
            return Some(hint);
        }
        let opens_block = ["if", "for", "while", "else", "try"].contains(&self.first_word());
        match rest.chars().next()? {
            '?' => Some("there is no `x ? a : b`: write `if x { a } else { b }`"),
            '\'' => Some("put text in double quotes: `\"…\"`; single quotes are for one character"),
            '"' if self.last_word() == "f" => {
                Some("to insert values, put the text between backticks: `` `Dear ${name}` ``")
            }
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
