//! Finds uses of variables that do not exist.

use std::collections::HashMap;

use rhai::{ASTFlags, Stmt};

use super::facts::ScriptFacts;
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::script::diagnosis::certain_fix::equivalent;
use crate::script::diagnosis::diagnose::{outer_variable_hint, unknown_variable};
use crate::script::diagnosis::foreign_syntax;
use crate::text::{did_you_mean, only_typo};

/// Finds all of them. The parser reports only the first.
pub(super) fn unknown(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    // Of several with the same name, the first.
    let outside: HashMap<&str, bool> = top_level_variables(script).rev().collect();
    facts
        .unknown
        .iter()
        .map(|unknown| {
            let name = unknown.name;
            let is_constant = outside.get(name).filter(|_| unknown.is_in_function);
            let hint = match is_constant {
                Some(true) => Some(format!(
                    "in a function `fn`, write `global::{name}` for a constant outside it"
                )),
                Some(false) => Some(outer_variable_hint(name)),
                None => did_you_mean(name, unknown.visible.iter().copied()),
            };
            let mut diagnostic = unknown_variable(name).at(&script.source, unknown.position);
            let location = diagnostic.location.as_ref();
            let is_module = |name: &str| script.imports.iter().any(|import| import.alias == name);
            let foreign_hint = location.and_then(|location| {
                foreign_syntax::member_of_module(name, location, is_module)
                    .or_else(|| foreign_syntax::variable(name, location))
            });
            diagnostic.hints.extend(foreign_hint.or(hint));
            let global = format!("global::{name}");
            let visible = unknown.visible.iter().copied();
            let replacement = match is_constant {
                Some(true) => Some(&*global),
                Some(false) => None,
                None => equivalent(name).or_else(|| only_typo(name, visible)),
            };
            Finding::error(diagnostic.fix_marked(replacement))
        })
        .collect()
}

/// Lists the variables of the top level, and whether each is a constant.
fn top_level_variables(script: &ParsedScript) -> impl DoubleEndedIterator<Item = (&str, bool)> {
    let statements = script.ast.statements().iter();
    statements.filter_map(|statement| match statement {
        Stmt::Var(definition, flags, _) => {
            Some((definition.0.as_str(), flags.contains(ASTFlags::CONSTANT)))
        }
        _ => None,
    })
}
