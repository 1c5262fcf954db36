//! Checks the keys of maps: of those that are written out in calls, with their literal values, and of those that functions return.

use std::collections::HashSet;

use rhai::{Expr, Ident, Position, Stmt};

use super::builtins::Builtins;
use super::facts::{Call, ErrorHandling, KeyRead, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::{ParsedScript, return_value};
use super::value_type::literal_type;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::error::throw::Throw;
use crate::script::values::option_map::MapSchema;
use crate::text::{did_you_mean, did_you_mean_or_list, only_typo};

/// Finds unknown keys, values of a wrong type, and missing keys.
pub(super) fn check(
    builtins: &Builtins,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for call in &facts.calls {
        let is_builtin = call.module.is_none() && !script.defines(call.name, call.arguments.len());
        if !is_builtin || call.context.error_handling == ErrorHandling::Expected {
            continue;
        }
        for map in literal_maps(builtins, script, call) {
            findings.extend(map.errors().into_iter().map(|(error, position, fix)| {
                let diagnostic = Diagnostic::from(error).at(&script.source, position);
                Finding::of_call(call, diagnostic.fix_marked(fix.as_deref()))
            }));
        }
    }
    findings
}

/// A map that is written out in a call, and the keys it may have.
struct LiteralMap<'a> {
    entries: Vec<(&'a Ident, &'a Expr)>,
    position: Position,
    schema: &'static MapSchema,
}

impl LiteralMap<'_> {
    /// Returns the errors, each with what to write instead of what is at its position, if that is certain.
    fn errors(&self) -> Vec<(Throw, Position, Option<String>)> {
        let keys = self.entries.iter().map(|(key, _)| *key);
        let unknown = keys.filter(|key| self.schema.key(key.as_str()).is_none());
        let mut errors: Vec<(Throw, Position, Option<String>)> = unknown
            .map(|key| {
                let name = key.as_str();
                let is_free =
                    |known: &&str| self.entries.iter().all(|(key, _)| key.as_str() != *known);
                let known = self.schema.keys.iter().map(|key| key.name);
                let fix = only_typo(name, known).filter(is_free);
                (
                    self.schema.unknown_key(name),
                    key.pos,
                    fix.map(str::to_owned),
                )
            })
            .collect();
        let entries = self.entries.iter();
        errors.extend(entries.filter_map(|(key, value)| self.wrong_type(key, value)));
        if errors.is_empty() {
            let is_missing = |name| self.entries.iter().all(|(key, _)| key.as_str() != name);
            let required = self.schema.keys.iter().filter(|key| key.is_required);
            let missing = required.filter(|key| is_missing(key.name));
            errors
                .extend(missing.map(|key| (MapSchema::missing_key(key.name), self.position, None)));
        }
        errors
    }

    /// Returns the error of a literal that the key does not accept.
    fn wrong_type(&self, key: &Ident, value: &Expr) -> Option<(Throw, Position, Option<String>)> {
        let kind = literal_type(value)?;
        let key = self.schema.key(key.as_str())?;
        if kind == "()" {
            let missing = key.is_required.then(|| MapSchema::missing_key(key.name))?;
            return Some((missing, value.position(), None));
        }
        if key.key_type.accepts(kind) {
            return None;
        }
        let text = match value {
            Expr::StringConstant(text, _) => Some(text.as_str()),
            _ => None,
        };
        let fix = text.and_then(|text| key.unquoted(text));
        Some((key.wrong_type(kind, text), value.position(), fix))
    }
}

/// Lists the maps in the arguments of a call, if a function that it may call declares their keys.
fn literal_maps<'a>(
    builtins: &Builtins,
    script: &'a ParsedScript,
    call: &Call<'a>,
) -> Vec<LiteralMap<'a>> {
    let before = call.arity() - call.arguments.len();
    let mut maps = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        let mut overloads = builtins.named(call.name, call.arity());
        let declared = overloads.find_map(|function| {
            let parameter = function.parameters.get(index + before)?;
            Some((parameter.kind.as_str(), parameter.schema?))
        });
        let Some((kind, schema)) = declared else {
            continue;
        };
        let expressions = match kind {
            "map" => vec![argument],
            "closure" => script
                .closure(argument)
                .map(|(closure, _)| values(&closure.body, true))
                .unwrap_or_default(),
            _ => items(argument),
        };
        maps.extend(expressions.into_iter().filter_map(|expression| {
            let Expr::Map(map, position) = expression else {
                return None;
            };
            Some(LiteralMap {
                entries: map.0.iter().map(|(key, value)| (key, value)).collect(),
                position: *position,
                schema,
            })
        }));
    }
    maps
}

fn items(rows: &Expr) -> Vec<&Expr> {
    match rows {
        Expr::Array(items, _) => items.iter().collect(),
        _ => Vec::new(),
    }
}

/// Lists the expressions that a body may return: those of `return`, and the last one.
fn values(statements: &[Stmt], is_value: bool) -> Vec<&Expr> {
    let mut found = Vec::new();
    for (index, statement) in statements.iter().enumerate() {
        let is_value = is_value && index + 1 == statements.len();
        match statement {
            Stmt::Expr(expression) if is_value => found.extend(expression_values(expression)),
            Stmt::If(flow, _) => {
                found.extend(values(flow.body.statements(), is_value));
                found.extend(values(flow.branch.statements(), is_value));
            }
            Stmt::Switch(switch, _) if is_value => {
                let cases = switch.1.expressions.iter();
                found.extend(cases.flat_map(|case| expression_values(&case.rhs)));
            }
            Stmt::Block(block) => found.extend(values(block.statements(), is_value)),
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => {
                found.extend(values(flow.body.statements(), false));
            }
            Stmt::For(parts, _) => found.extend(values(parts.2.body.statements(), false)),
            other => found.extend(return_value(other).into_iter().flat_map(expression_values)),
        }
    }
    found
}

fn expression_values(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Stmt(block) => values(block.statements(), true),
        other => vec![other],
    }
}

/// A key that a script sets anywhere may be one of any map.
/// Finds keys that the map of a function does not have: `session.candidate_emial`.
pub(super) fn unknown_reads(
    dynamic_names: &HashSet<&str>,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let unknown = facts.key_reads.iter().filter(|read| {
        read.error_handling != ErrorHandling::Expected
            && read.shape.key(read.name).is_none()
            && !dynamic_names.contains(read.name)
    });
    unknown.filter_map(|read| finding(script, read)).collect()
}

fn finding(script: &ParsedScript, read: &KeyRead) -> Option<Finding> {
    let (shape, name) = (read.shape, read.name);
    let known: Vec<&str> = shape.keys.iter().map(|key| key.name).collect();
    let describe = |message: String, hint: String| {
        let diagnostic = Diagnostic::new(ErrorCode::UnknownKey, message).hint(hint);
        diagnostic.at(&script.source, read.position)
    };
    if shape.others.is_some() {
        // Only a key that looks like a known one is likely to be a mistake.
        let hint = did_you_mean(name, known)?;
        let message = format!("{} has no documented key `{name}`", shape.noun);
        return Some(Finding::warning(describe(message, hint)));
    }
    let hint = did_you_mean_or_list(name, &known);
    let diagnostic = describe(format!("{} has no key `{name}`", shape.noun), hint);
    let fixed = diagnostic.fix_marked(only_typo(name, known));
    Some(Finding::with_handling(read.error_handling, fixed))
}
