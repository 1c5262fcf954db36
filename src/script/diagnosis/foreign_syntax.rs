//! Habits of other languages: what somebody who writes Python or JavaScript means, and how it is written here.
//!
//! The parser stops where it understands nothing any more. What stands there, and before it on the line, tells the habit.

use crate::script::error::diagnostic::{SourceLocation, word_at};

/// How to say that there is nothing.
const NOTHING: &str = "nothing is `()`: write `x == ()`, or `x ?? 5` for a value in its place";
const LOOP: &str = "a loop over a list is `for item in list { … }`";
const BLOCK: &str = "a block stands in braces: `if x { … } else { … }`";
const MAP: &str = "a map begins with `#`: `#{ name: \"Jane\" }`";
const FUNCTION: &str = "a function begins with `fn`: `fn deadline(row) { … }`";
const CLOSURE: &str = "a function without a name is `|x| x + 1`";
const CONDITIONAL: &str = "write `if x { a } else { b }`, which has a value";

/// Words of other languages, and what is written for them here.
const KEYWORDS: [(&str, &str); 24] = [
    ("and", "write `&&` for \"and\""),
    ("async", "nothing is awaited: leave `async` out"),
    ("await", "nothing is awaited: leave `await` out"),
    (
        "class",
        "there are no classes: what belongs together is a map, `#{ name: \"Jane\" }`",
    ),
    ("def", FUNCTION),
    ("del", "a key is removed with `map.remove(\"key\")`"),
    ("delete", "a key is removed with `map.remove(\"key\")`"),
    ("elif", "write `else if`"),
    ("elseif", "write `else if`"),
    ("elsif", "write `else if`"),
    ("except", "write `try { … } catch (problem) { … }`"),
    (
        "finally",
        "there is no `finally`: write it behind the `catch` block",
    ),
    ("func", FUNCTION),
    ("function", FUNCTION),
    ("is", "write `==` for \"is\""),
    ("lambda", CLOSURE),
    ("new", "values are made by functions, such as `now()`"),
    ("nil", NOTHING),
    ("not", "write `!x` for \"not x\""),
    ("null", NOTHING),
    ("of", LOOP),
    ("or", "write `||` for \"or\""),
    ("typeof", "write `type_of(x)`"),
    ("var", "a variable begins with `let`"),
];

/// Operators of other languages, and what is written for them here.
const OPERATORS: [(&str, &str); 9] = [
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("<>", "write `!=`"),
    ("++", "write `n += 1`"),
    ("--", "write `n -= 1`"),
    ("=>", CLOSURE),
    ("->", CLOSURE),
    (":=", "write `let x = …`"),
    ("#", "a comment begins with `//`"),
];

/// Functions of other languages, and what is written for them here.
const FUNCTIONS: [(&[&str], &str); 12] = [
    (&["append"], "an entry is added with `list.push(entry)`"),
    (
        &["console", "echo", "log", "println", "printf", "puts"],
        "`print(x)` shows a value",
    ),
    (&["endsWith", "endswith"], "write `text.ends_with(\"…\")`"),
    (&["float", "parseFloat"], "write `parse_float(text)`"),
    (&["forEach"], LOOP),
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

/// Returns how what stands at `location` is written here, where it is known from another language.
pub(super) fn at(location: &SourceLocation) -> Option<String> {
    let line = location.line_text();
    let start = line.char_indices().nth(location.column.saturating_sub(1));
    let (before, rest) = line.split_at_checked(start.map_or(line.len(), |(at, _)| at))?;
    let before = LinePrefix(before.trim_end());
    // A column may have any name.
    if before.0.ends_with('.') {
        return None;
    }
    let word = word_at(rest, 0);
    let hint = before
        .loop_hint(word, rest)
        .or_else(|| known(&KEYWORDS, word))
        .or_else(|| known(&KEYWORDS, before.last_word()))
        .or_else(|| before.symbol_hint(rest))?;
    Some(hint.to_owned())
}

/// Returns how a variable of that name, which is not there, is written here.
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
            format!("a new variable begins with `let`: `let {name} = …`")
        }
        _ => return known(&KEYWORDS, name).map(str::to_owned),
    };
    Some(hint)
}

/// Returns how a function of that name, which is not there, is called here.
pub(super) fn function(name: &str) -> Option<&'static str> {
    let of_that_name = |(names, _): &&(&[&str], &str)| names.contains(&name);
    FUNCTIONS.iter().find(of_that_name).map(|(_, hint)| *hint)
}

fn known(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let found = table.iter().find(|(known, _)| *known == name);
    found.map(|(_, hint)| *hint)
}

/// What stands on a line before the place of an error.
struct LinePrefix<'a>(&'a str);

impl<'a> LinePrefix<'a> {
    fn last_word(&self) -> &'a str {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let start = self.0.trim_end_matches(is_word).len();
        &self.0[start..]
    }

    /// The word that the statement begins with.
    fn first_word(&self) -> &'a str {
        let statement = self.0.rsplit([';', '{', '}']).next().unwrap_or(self.0);
        word_at(statement.trim_start(), 0)
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
            "a loop that counts is `for i in 0..3 { … }`"
        } else {
            LOOP
        })
    }

    /// Judges by the sign that `rest` begins with.
    fn symbol_hint(&self, rest: &str) -> Option<&'static str> {
        let signs = rest.len() - rest.trim_start_matches(|c| "=!<>+-:#".contains(c)).len();
        if let Some(hint) = known(&OPERATORS, &rest[..signs]) {
            return Some(hint);
        }
        let opens_block = ["if", "for", "while", "else", "try"].contains(&self.first_word());
        match rest.chars().next()? {
            '?' => Some("there is no `x ? a : b`: write `if x { a } else { b }`"),
            '\'' => {
                Some("a text stands in double quotes: `\"…\"`; single ones are for one character")
            }
            '"' if self.last_word() == "f" => {
                Some("values stand in a text between backticks, each as `${name}`")
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

    /// `name` and `"name"`, with the brace on a line before
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
