//! Variables that are not there, and variables that nothing uses.

use std::collections::HashSet;

use rhai::{ASTFlags, Stmt};

use super::facts::ScriptFacts;
use super::finding::Finding;
use super::script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::diagnosis::diagnose::outer_variable_hint;
use crate::script::diagnosis::foreign_syntax;
use crate::script::error::diagnostic::Diagnostic;
use crate::text::nearest;

/// Finds variables that are not there. The parser refuses such a script, and names the first only.
pub(super) fn unknown(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    facts
        .unknown
        .iter()
        .map(|unknown| {
            let name = unknown.name;
            let failure = Diagnostic::new(
                ErrorCode::UnknownVariable,
                format!("unknown variable `{name}`"),
            );
            let mut outside = outermost(script).filter(|_| unknown.is_in_function);
            let hint = match outside.find(|(other, _)| *other == name) {
                Some((_, true)) => Some(format!(
                    "a function `fn` sees a constant outside it as `global::{name}`"
                )),
                Some((_, false)) => Some(outer_variable_hint(name)),
                None => nearest(name, unknown.visible.iter().copied())
                    .map(|likely| format!("did you mean `{likely}`?")),
            };
            let mut failure = failure.at(&script.source, unknown.position);
            let location = failure.location.as_ref();
            let foreign_hint =
                location.and_then(|location| foreign_syntax::variable(name, location));
            failure.hints.extend(foreign_hint.or(hint));
            Finding::error(failure)
        })
        .collect()
}

/// Lists what the outermost statements define, each with whether it is a constant.
fn outermost(script: &ParsedScript) -> impl Iterator<Item = (&str, bool)> {
    let statements = script.ast.statements().iter();
    statements.filter_map(|statement| match statement {
        Stmt::Var(definition, flags, _) => {
            Some((definition.0.as_str(), flags.contains(ASTFlags::CONSTANT)))
        }
        _ => None,
    })
}

/// Finds variables that nothing uses.
pub(super) fn unused(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let mut meant: HashSet<&str> = facts.unknown.iter().map(|unknown| unknown.name).collect();
    // `global::NAME` is a constant of the outermost block.
    meant.extend(facts.module_variables.iter().map(|used| used.name));
    facts
        .unused
        .iter()
        .filter(|unused| !unused.name.starts_with('_') && !meant.contains(unused.name))
        .map(|unused| {
            let name = unused.name;
            let failure =
                Diagnostic::new(ErrorCode::UnusedVariable, format!("`{name}` is never used")).hint(
                    format!("delete it, or call it `_{name}` if it is meant to stay"),
                );
            Finding::warning(failure.at(&script.source, unused.position))
        })
        .collect()
}
