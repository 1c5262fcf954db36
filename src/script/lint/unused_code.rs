//! Finds code without effect: unused variables and unreachable statements.

use std::collections::HashSet;

use super::facts::ScriptFacts;
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;

pub(super) fn variables(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    // An unknown variable may be a misspelled use.
    let mut used: HashSet<&str> = facts.unknown.iter().map(|unknown| unknown.name).collect();
    // `global::NAME` is a constant of the top level.
    used.extend(facts.module_variables.iter().map(|variable| variable.name));
    facts
        .unused
        .iter()
        .filter(|unused| !unused.name.starts_with('_') && !used.contains(unused.name))
        .map(|unused| {
            let name = unused.name;
            let message = format!("`{name}` is never used");
            let diagnostic = Diagnostic::new(ErrorCode::UnusedVariable, message)
                .hint(format!("delete it, or rename it to `_{name}` to keep it"));
            Finding::warning(diagnostic.at(&script.source, unused.position))
        })
        .collect()
}

/// Finds the first unreachable statement of each block.
pub(super) fn statements(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    facts
        .unreachable
        .iter()
        .map(|position| {
            let diagnostic = Diagnostic::new(ErrorCode::Unreachable, "this is never reached")
                .hint("the statement before it always leaves the block");
            Finding::warning(diagnostic.at(&script.source, *position))
        })
        .collect()
}
