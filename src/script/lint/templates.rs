//! Finds `${…}` in texts with double quotes. Rhai replaces it only between backticks.

use rhai::{Expr, Position};

use super::facts::ScriptFacts;
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::{Diagnostic, word_at};
use crate::script::source;

/// Returns the first name in each `${…}` of a text.
pub(super) fn interpolated_names(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    let closed = parts.filter(|part| part.contains('}'));
    closed.map(|part| word_at(part.trim_start(), 0))
}

/// Finds nothing in a script that replaces `${…}` itself.
pub(super) fn check(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let replaces = facts.calls.iter().any(|call| {
        let has_template =
            |argument: &Expr| matches!(argument, Expr::StringConstant(text, _) if text.contains("${"));
        call.name == "replace" && call.arguments.iter().any(has_template)
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
            Finding::warning(diagnostic.at(&script.source, *position))
        })
        .collect()
}

/// Whether a text starts with a double quote. The parsed script does not keep the kind of quotes.
fn is_quoted(script: &ParsedScript, position: Position) -> bool {
    let (Some(line), Some(column)) = (position.line(), position.position()) else {
        return false;
    };
    let line = source::line(&script.source.text, line);
    line.chars().nth(column.saturating_sub(1)) == Some('"')
}
