//! Finds uses of variables that do not exist, changes of copies that nothing reads afterwards, changes of keys that a map does not
//! have, and code without effect: unused variables and unreachable statements.

use std::collections::{HashMap, HashSet};

use rhai::{ASTFlags, Expr, Stmt};

use super::call_display::written;
use super::facts::ScriptFacts;
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use super::scopes::{Copy, LostChange};
use crate::error_code::ErrorCode;
use crate::script::diagnosis::certain_fix::equivalent;
use crate::script::diagnosis::diagnose::{outer_variable_hint, unknown_variable};
use crate::script::diagnosis::foreign_syntax;
use crate::script::error::diagnostic::Diagnostic;
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

/// Finds changes of loop variables, arguments and other copies that are not read afterwards.
pub(super) fn lost_changes(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let found = facts.lost_changes.iter().map(|lost| {
        let diagnostic = describe(lost).at(&script.source, lost.position);
        Finding::warning(diagnostic)
    });
    found.collect()
}

fn describe(change: &LostChange) -> Diagnostic {
    let name = change.name;
    let (copy_of, hint) = match change.copy {
        Copy::Item(Some(list)) => (
            format!("an item of `{list}`"),
            format!("make a new list: `let changed = {list}.map(|{name}| {{ …; {name} }});`"),
        ),
        Copy::Item(None) => (
            "an item of the list".to_owned(),
            format!("make a new list: `let changed = list.map(|{name}| {{ …; {name} }});`"),
        ),
        Copy::Argument => (
            "the argument".to_owned(),
            format!("return it: end with `{name}`, and use the result of the call"),
        ),
        Copy::Value => (
            "the value".to_owned(),
            format!("change the value where it is, or use `{name}` afterwards"),
        ),
    };
    let message = format!("this change is lost: `{name}` is a copy of {copy_of}");
    Diagnostic::new(ErrorCode::LostChange, message).hint(hint)
}

/// Finds `seen[key] += 1` where `seen` never gets a key in another way.
pub(super) fn missing_keys(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let found = facts.missing_keys.iter().map(|missing| {
        let text = |expression: &Expr| written(expression).unwrap_or_else(|| "…".to_owned());
        let (map, key, value) = (missing.map, text(missing.key), text(missing.value));
        let operator = missing.operator.trim_end_matches('=');
        let start = match missing.value {
            Expr::StringConstant(..) | Expr::InterpolatedString(..) => "\"\"",
            Expr::Array(..) => "[]",
            _ => "0",
        };
        let message = format!(
            "`{map}` has no key that `{}` could change",
            missing.operator
        );
        let diagnostic = Diagnostic::new(ErrorCode::UnknownKey, message).hint(format!(
            "write `{map}[{key}] = ({map}.get({key}) ?? {start}) {operator} {value};`"
        ));
        let diagnostic = diagnostic.at(&script.source, missing.position);
        Finding::with_handling(missing.error_handling, diagnostic)
    });
    found.collect()
}

pub(super) fn unused(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
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
pub(super) fn unreachable(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
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
