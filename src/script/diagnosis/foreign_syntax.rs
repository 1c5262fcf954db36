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
const DESTRUCTURING: &str =
    "take the parts one by one: `let a = list[0]; let b = list[1];`, or of a map, `let a = map.a;`";
const PAIRS: &str = "take the parts in the loop: `for pair in list { … pair[0] … }`, or of a map, `for entry in map.entries() { … entry.key … entry.value … }`";
const PART: &str = "a part of a list is `list.extract(0..2)`, and a part of a text `text.sub_string(0..2)`: from the first position to before the second";
const TEMPLATE: &str = "to insert values, put the text between backticks: `` `Dear ${name}` ``";
const SWITCH: &str = "write `switch x { 1 => a, 2 => b, _ => c }`";
const IMPORT: &str =
    "write `import \"lib/rules\" as rules;`, and call its functions as `rules::name(…)`";
const CATCH: &str = "write `try { … } catch (problem) { … }`";
const VARIABLE: &str = "declare a variable with `let`";
const SHOW: &str = "write `print(x)`";
const PATTERN: &str = "write `text.matches(regex(\"…\"))`";
const TIME: &str = "write `today()`, `now()` or `datetime(\"2030-02-01\")`";
const CONDITIONAL: &str = "`if` has a value: write `if x { a } else { b }`";

/// Keywords of other languages.
const KEYWORDS: [(&str, &str); 47] = [
    ("and", "write `&&` instead of `and`"),
    ("async", "remove `async`: every call waits for its result"),
    ("await", "remove `await`: every call waits for its result"),
    ("begin", CATCH),
    ("bool", VARIABLE),
    ("case", SWITCH),
    (
        "class",
        "there are no classes: use a map such as `#{ name: \"Jane\" }`",
    ),
    ("def", FUNCTION),
    ("del", "write `map.remove(\"key\")`"),
    ("delete", "write `map.remove(\"key\")`"),
    ("do", LOOP),
    ("echo", SHOW),
    ("elif", "write `else if`"),
    ("elseif", "write `else if`"),
    ("elsif", "write `else if`"),
    ("end", BLOCK),
    ("except", CATCH),
    (
        "finally",
        "there is no `finally`: put the code after the `catch` block",
    ),
    ("float", VARIABLE),
    ("foreach", LOOP),
    ("from", IMPORT),
    ("func", FUNCTION),
    ("function", FUNCTION),
    ("int", VARIABLE),
    ("is", "write `==` instead of `is`"),
    ("lambda", CLOSURE),
    ("match", SWITCH),
    ("new", "there is no `new`: call a function such as `now()`"),
    ("nil", NOTHING),
    ("not", "write `!x` instead of `not x`"),
    ("null", NOTHING),
    ("of", LOOP),
    ("or", "write `||` instead of `or`"),
    ("pass", "an empty block is `{ }`"),
    ("print", SHOW),
    ("puts", SHOW),
    ("raise", "write `throw \"…\"`"),
    ("rescue", CATCH),
    ("str", VARIABLE),
    ("string", VARIABLE),
    ("then", BLOCK),
    ("typeof", "write `type_of(x)`"),
    ("unless", "write `if !(…) { … }`"),
    ("until", "write `while !(…) { … }`"),
    ("var", VARIABLE),
    ("when", SWITCH),
    (
        "yield",
        "return all values in a list, or take a closure and call it with `.call(x)`",
    ),
];

/// Operators of other languages.
const OPERATORS: [(&str, &str); 12] = [
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("<>", "write `!=`"),
    ("++", "write `n += 1`"),
    ("--", "write `n -= 1`"),
    ("=>", CLOSURE),
    ("->", CLOSURE),
    (":=", "write `let x = …`"),
    ("<-", "write `let x = …`"),
    ("=~", PATTERN),
    (
        "...",
        "join lists with `+`: `[1, 2] + others`, and maps too: `#{ a: 1 } + others`",
    ),
    ("#", "a comment starts with `//`"),
];

/// Functions of other languages.
const FUNCTIONS: [(&[&str], &str); 59] = [
    (&["IF", "IIF", "iif", "ifelse"], CONDITIONAL),
    (
        &["LEFT", "MID", "RIGHT", "slice", "substr", "substring"],
        PART,
    ),
    (
        &["VLOOKUP", "XLOOKUP", "HLOOKUP", "LOOKUP"],
        "write `let by_email = rows.index_by(\"email\");`, and then `by_email.get(email)`",
    ),
    (
        &["COUNTIF", "COUNTIFS"],
        "write `rows.count_by(\"team\")`, or `rows.filter(|row| …).len()`",
    ),
    (
        &["CONCAT", "CONCATENATE"],
        "join texts with `+`, or put values into a text between backticks: `` `${a} ${b}` ``",
    ),
    (&["LEN"], "write `x.len()`"),
    (
        &["TRIM", "chomp", "lstrip", "rstrip", "trimEnd", "trimStart"],
        "write `text.trimmed()`",
    ),
    (
        &["PROPER", "capitalize", "title", "titleize"],
        "write `title_case(text)`",
    ),
    (&["TODAY", "Date", "date"], TIME),
    (&["NOW"], "write `now()`"),
    (
        &["SUBSTITUTE", "gsub"],
        "write `text.replaced(\"a\", \"b\")`",
    ),
    (&["format", "printf", "sprintf"], TEMPLATE),
    (
        &[
            "timedelta",
            "relativedelta",
            "addDays",
            "add_days",
            "setDate",
            "DATEADD",
        ],
        "write `time.plus_days(5)`, `time.plus_hours(5)` or `time.plus_months(1)`",
    ),
    (
        &["strptime"],
        "write `datetime(text, #{ format: \"%d.%m.%Y\" })`",
    ),
    (
        &["strftime", "toISOString", "toLocaleDateString"],
        "write `time.format(\"%d.%m.%Y\")`",
    ),
    (
        &["JSON", "json", "dumps", "stringify"],
        "write `map.to_json()` or `parse_json(text)`",
    ),
    (
        &["Math", "math"],
        "write `x.rounded(2)`, `x.floor()`, `x.abs()` or `max(a, b)`",
    ),
    (
        &["Object", "dict"],
        "write `map.keys()`, `map.values()` or `map.entries()`",
    ),
    (&["require", "include", "import_module"], IMPORT),
    (&["every"], "write `list.all(|x| …)`"),
    (&["select", "where"], "write `list.filter(|x| …)`"),
    (&["reject"], "write `list.filter(|x| !(…))`"),
    (&["collect"], "write `list.map(|x| …)`"),
    (
        &["inject", "foldl"],
        "write `list.reduce(|sum, x| sum + x, 0)`",
    ),
    (&["concat"], "write `list + others`, or `text + other`"),
    (
        &[
            "has",
            "has_key",
            "hasKey",
            "hasOwnProperty",
            "containsKey",
            "contains_key",
        ],
        "write `\"key\" in map`",
    ),
    (
        &["input", "prompt"],
        "write `arg(\"name\", \"what it is\")` at the top, and pass it to the script",
    ),
    (
        &["open", "readFile", "readFileSync"],
        "write `read_lines(path)`, `read_csv(path)` or `read_json(path)`",
    ),
    (&["raise"], "write `throw \"…\"`"),
    (&["add", "append", "push_back"], "write `list.push(entry)`"),
    (&["push_front", "unshift"], "write `list.insert(0, entry)`"),
    (&["console", "echo", "log", "println", "puts"], SHOW),
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
    (&["match", "search", "test"], PATTERN),
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
    (&["each", "each_with_index", "forEach"], LOOP),
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
        self.0.is_empty() && matches!(word, "do" | "print")
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
