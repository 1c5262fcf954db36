//! Fixes that are certain: the script cannot run as it is, and what was meant can be read in one way only.

use rhai::ParseErrorType;

use crate::script::error::diagnostic::{Diagnostic, Edit, SourceLocation, word_at};

/// Words and operators of other languages that mean exactly the same as one of Rhai.
const EQUIVALENTS: [(&str, &str); 17] = [
    ("!==", "!="),
    ("<>", "!="),
    ("===", "=="),
    ("False", "false"),
    ("None", "()"),
    ("Null", "()"),
    ("True", "true"),
    ("and", "&&"),
    ("elif", "else if"),
    ("elseif", "else if"),
    ("elsif", "else if"),
    ("function", "fn"),
    ("nil", "()"),
    ("null", "()"),
    ("or", "||"),
    ("undefined", "()"),
    ("var", "let"),
];

/// Functions of other languages that do the same as one of Rhai with the same arguments, and the number of these. The value that a
/// method is called on counts as one.
const EQUIVALENT_FUNCTIONS: [(&str, &str, usize); 20] = [
    ("echo", "print", 1),
    ("endsWith", "ends_with", 2),
    ("endswith", "ends_with", 2),
    ("includes", "contains", 2),
    ("keyBy", "index_by", 2),
    ("lower", "to_lower", 1),
    ("parseFloat", "parse_float", 1),
    ("println", "print", 1),
    ("puts", "print", 1),
    ("repeat", "repeated", 2),
    ("splitlines", "lines", 1),
    ("startsWith", "starts_with", 2),
    ("startswith", "starts_with", 2),
    ("strip", "trimmed", 1),
    ("toLowerCase", "to_lower", 1),
    ("toReversed", "reversed", 1),
    ("toString", "to_string", 1),
    ("toUpperCase", "to_upper", 1),
    ("uniq", "unique", 1),
    ("upper", "to_upper", 1),
];

/// Words that begin a statement, so that the one before it has ended.
const STATEMENT_KEYWORDS: [&str; 15] = [
    "break", "const", "continue", "do", "export", "fn", "for", "if", "import", "let", "loop",
    "return", "throw", "try", "while",
];

/// Returns what to write instead of a word or operator of another language.
pub(in crate::script) fn equivalent(word: &str) -> Option<&'static str> {
    let found = EQUIVALENTS.iter().find(|(foreign, _)| *foreign == word);
    found.map(|(_, own)| *own)
}

/// Returns the function to call instead of one of another language with this number of arguments.
pub(in crate::script) fn equivalent_function(name: &str, arguments: usize) -> Option<&'static str> {
    let mut functions = EQUIVALENT_FUNCTIONS.iter();
    let found = functions.find(|(foreign, _, count)| *foreign == name && *count == arguments);
    found.map(|(_, own, _)| *own)
}

/// Adds the fix for a script that cannot be parsed, if there is one.
pub(super) fn of_syntax(diagnostic: Diagnostic, kind: &ParseErrorType) -> Diagnostic {
    let edit = diagnostic
        .location
        .as_ref()
        .and_then(|location| syntax_edit(location, kind));
    diagnostic.fix(edit)
}

fn syntax_edit(location: &SourceLocation, kind: &ParseErrorType) -> Option<Edit> {
    if matches!(kind, ParseErrorType::MissingToken(token, _) if token == ";")
        && location.is_first_on_line()
    {
        return missing_semicolon(location);
    }
    let line = location.line_text();
    let column = location.column.checked_sub(1)?;
    let start = line.char_indices().nth(column)?.0;
    let (before, rest) = line.split_at_checked(start)?;
    if before.trim_end().ends_with('.') {
        return reserved_property(location, before, rest, kind);
    }
    if let Some(edit) = reserved_key(location, before, rest, kind) {
        return Some(edit);
    }
    // The parser may stop at the word or right after it: `var x`, `a and b`.
    let word = word_at(rest, 0);
    if !word.is_empty() && !in_text(before) {
        if let Some(own) = equivalent(word) {
            return Some(Edit::on_line(location, column, word, own));
        }
        let spaces = before.len() - before.trim_end().len();
        let earlier = before.trim_end();
        let name = earlier
            .trim_end_matches(|c: char| c.is_alphanumeric() || c == '_')
            .len();
        let foreign = earlier.get(name..)?;
        let at = column.checked_sub(spaces + foreign.chars().count())?;
        return equivalent(foreign)
            .filter(|_| !earlier[..name].ends_with(['.', '"']))
            .map(|own| Edit::on_line(location, at, foreign, own));
    }
    let signs: String = rest.chars().take_while(|c| "=!<>".contains(*c)).collect();
    if let Some(own) = equivalent(&signs) {
        return Some(Edit::on_line(location, column, &signs, own));
    }
    // A comment of Python or a shell, alone on its line.
    let is_comment = before.trim().is_empty() && (rest.starts_with("# ") || rest == "#");
    if is_comment {
        return Some(Edit::on_line(location, column, "#", "//"));
    }
    bare_map(location, before, rest)
}

/// Ends the statement on the line before, unless the line of the error may continue it: a text or a number does not begin a
/// statement, and an indented name may lack an operator before it.
fn missing_semicolon(location: &SourceLocation) -> Option<Edit> {
    let word = location.word()?;
    let line = location.line.checked_sub(1)?;
    let before = SourceLocation {
        line,
        column: 1,
        ..location.clone()
    };
    let text = before.line_text();
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let is_indented = indentation(location.line_text()) > indentation(text);
    if word.starts_with(|c: char| c.is_ascii_digit())
        || (is_indented && !STATEMENT_KEYWORDS.contains(&word))
    {
        return None;
    }
    // After a comment, the semicolon would be part of it.
    if text.trim().is_empty() || text.contains("//") || text.contains("*/") {
        return None;
    }
    let end = text.trim_end().chars().count();
    Some(Edit::insert(line, end, ";"))
}

/// `row.new` → `row["new"]`
fn reserved_property(
    location: &SourceLocation,
    before: &str,
    rest: &str,
    kind: &ParseErrorType,
) -> Option<Edit> {
    let word = word_at(rest, 0);
    let is_reserved = matches!(kind, ParseErrorType::Reserved(reserved) if reserved == word);
    let is_called = rest[word.len()..].trim_start().starts_with('(');
    let is_plain = before.ends_with('.') && !before.ends_with("?.");
    if word.is_empty() || !is_reserved || is_called || !is_plain {
        return None;
    }
    let column = location.column.checked_sub(2)?;
    Some(Edit::on_line(
        location,
        column,
        &format!(".{word}"),
        &format!("[\"{word}\"]"),
    ))
}

/// `#{ case: 1 }` → `#{ "case": 1 }`
fn reserved_key(
    location: &SourceLocation,
    before: &str,
    rest: &str,
    kind: &ParseErrorType,
) -> Option<Edit> {
    let word = word_at(rest, 0);
    let is_reserved = matches!(kind, ParseErrorType::Reserved(reserved) if reserved == word);
    let value = rest.get(word.len()..)?.trim_start();
    let is_key = value.starts_with(':') && !value.starts_with("::");
    let begins_entry = before.trim_end().ends_with(['{', ',']);
    let column = location.column.checked_sub(1)?;
    (is_reserved && !word.is_empty() && is_key && begins_entry)
        .then(|| Edit::on_line(location, column, word, &format!("\"{word}\"")))
}

/// `= { name: …` → `= #{ name: …`
fn bare_map(location: &SourceLocation, before: &str, rest: &str) -> Option<Edit> {
    let key = before.trim_end();
    let brace = key.rfind('{')?;
    let name = key.get(brace + 1..)?.trim();
    let is_name = !name.is_empty() && word_at(name, 0) == name;
    let opens_value = key[..brace].trim_end().ends_with(['=', '(', ',', ':', '[']);
    if !rest.starts_with(':') || rest.starts_with("::") || !is_name || !opens_value {
        return None;
    }
    let column = key[..brace].chars().count();
    Some(Edit::on_line(location, column, "{", "#{"))
}

/// Whether a line that begins like this is inside a text or comment at its end. Counts quotes, so it may be wrong, and then there
/// is no fix.
fn in_text(before: &str) -> bool {
    before.contains("//") || before.contains('`') || before.matches('"').count() % 2 == 1
}
