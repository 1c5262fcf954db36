//! Statements that are never reached.

use super::facts::ScriptFacts;
use super::finding::Finding;
use super::script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;

/// Finds the first one of each block.
pub(super) fn check(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    facts
        .unreachable
        .iter()
        .map(|position| {
            let failure = Diagnostic::new(ErrorCode::Unreachable, "this is never reached")
                .hint("the statement before it leaves in any case");
            Finding::warning(failure.at(&script.source, *position))
        })
        .collect()
}
