//! Texts in double quotes that hold `${…}`, which is replaced only between backticks.

use rhai::{Expr, Position};

use super::facts::ScriptFacts;
use super::finding::Finding;
use super::script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::{Diagnostic, word_at};

/// Lists the names that stand first in each `${…}` of a text.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    let closed = parts.filter(|part| part.contains('}'));
    closed.map(|part| word_at(part.trim_start(), 0))
}

/// Finds them. A script that replaces `${…}` itself means what it says.
pub(super) fn check(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let replaces = facts.calls.iter().any(|call| {
        let holds_one =
            |argument: &Expr| matches!(argument, Expr::StringConstant(text, _) if text.contains("${"));
        call.name == "replace" && call.arguments.iter().any(holds_one)
    });
    if replaces {
        return Vec::new();
    }
    let quoted = facts.templates.iter();
    let quoted = quoted.filter(|position| is_quoted(script, **position));
    quoted
        .map(|position| {
            let message = "`${…}` is replaced only in a text between backticks";
            let failure = Diagnostic::new(ErrorCode::NoTemplate, message)
                .hint("put backticks in the place of its double quotes: `` `Dear ${name}` ``");
            Finding::warning(failure.at(&script.source, *position))
        })
        .collect()
}

/// Tells whether a text begins with a double quote: its backticks are gone in the parsed script.
fn is_quoted(script: &ParsedScript, position: Position) -> bool {
    let (Some(line), Some(column)) = (position.line(), position.position()) else {
        return false;
    };
    let line = script.source.text.lines().nth(line.saturating_sub(1));
    line.and_then(|line| line.chars().nth(column.saturating_sub(1))) == Some('"')
}
