//! Finds `${…}` in texts with double quotes. Rhai replaces it only between backticks.

use rhai::{Expr, Position};

use super::facts::ScriptFacts;
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::{Diagnostic, SourceLocation, word_at};
use crate::script::source::{self, Source};

/// Returns the first name in each `${…}` of a text.
pub(super) fn interpolated_names(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    let closed = parts.filter(|part| part.contains('}'));
    closed.map(|part| word_at(part.trim_start(), 0))
}

/// Returns the type of the literal before `=>`, if that is right before `position`.
pub(super) fn case_before(source: &Source, position: Position) -> Option<&'static str> {
    let (line, column) = (position.line()?, position.position()?);
    let line = source::line(&source.text, line);
    let before: String = line.chars().take(column - 1).collect();
    let case = before.trim_end().strip_suffix("=>")?.trim_end();
    let word = case.rsplit([' ', '|', '{', ',']).next()?;
    Some(match word.chars().last()? {
        '"' | '`' => "string",
        '\'' => "char",
        _ if word.parse::<i64>().is_ok() => "int",
        _ if word.parse::<f64>().is_ok() => "float",
        _ if word == "true" || word == "false" => "bool",
        _ => return None,
    })
}

/// Finds nothing in a script that replaces `${…}` itself.
pub(super) fn check(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let replaces = facts.calls.iter().any(|call| {
        let has_template =
            |argument: &Expr| matches!(argument, Expr::StringConstant(text, _) if text.contains("${"));
        matches!(call.name, "replace" | "replaced") && call.arguments.iter().any(has_template)
    });
    if replaces {
        return Vec::new();
    }
    let quoted = facts.templates.iter();
    let quoted = quoted.filter(|position| is_quoted(script, **position));
    quoted
        .map(|position| {
            let message = "`${…}` is replaced only in a text between backticks";
            let diagnostic = Diagnostic::new(ErrorCode::NoTemplate, message)
                .hint("use backticks instead of double quotes: `` `Dear ${name}` ``");
            let diagnostic = diagnostic.at(&script.source, *position);
            let literal = diagnostic.location.as_ref().map(marked);
            let template = literal.as_deref().and_then(template);
            Finding::warning(diagnostic.fix_marked(template.as_deref()))
        })
        .collect()
}

fn marked(location: &SourceLocation) -> String {
    let span = location.span();
    location
        .line_text()
        .chars()
        .skip(span.start)
        .take(span.len())
        .collect()
}

/// Returns a text in double quotes with backticks around it, if it then says the same, and only names are inserted.
fn template(literal: &str) -> Option<String> {
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut inserted = text.split("${").skip(1).map(|part| part.split_once('}'));
    let is_name = |name: &str| {
        name.chars()
            .all(|c| c.is_alphanumeric() || "_.".contains(c))
    };
    let are_names = inserted.all(|part| part.is_some_and(|(name, _)| is_name(name)));
    (are_names && !text.contains(['\\', '`', '"'])).then(|| format!("`{text}`"))
}

/// Whether a text starts with a double quote. The parsed script does not keep the kind of quotes.
fn is_quoted(script: &ParsedScript, position: Position) -> bool {
    let (Some(line), Some(column)) = (position.line(), position.position()) else {
        return false;
    };
    let line = source::line(&script.source.text, line);
    line.chars().nth(column.saturating_sub(1)) == Some('"')
}
