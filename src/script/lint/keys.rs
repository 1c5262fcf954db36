//! Keys of requests and option maps that are written out in the script, and the literal values beside them.
//!
//! Which keys there are, and what they take, is read from the `# Options` of the functions' doc comments.

use std::collections::HashMap;

use rhai::{Expr, Ident, Position, Stmt};

use super::builtins::{BuiltinFunction, Builtins, ExpectedType};
use super::facts::{Call, ErrorHandling, ScriptFacts};
use super::finding::Finding;
use super::script::{ParsedScript, returned};
use super::types::literal_type;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::text::did_you_mean_or_list;

/// Finds unknown keys, values of a wrong type, and requests without an address.
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
            findings.extend(map.failures().into_iter().map(|(failure, position)| {
                Finding::with_handling(
                    call.context.error_handling,
                    failure.at(&script.source, position),
                )
            }));
        }
    }
    findings
}

/// A map that is written out, and the keys it may have.
struct LiteralMap<'a> {
    entries: Vec<(&'a Ident, &'a Expr)>,
    position: Position,
    known: HashMap<&'a str, ExpectedType>,
    is_request: bool,
}

impl LiteralMap<'_> {
    fn failures(&self) -> Vec<(Diagnostic, Position)> {
        let mut known: Vec<&str> = self.known.keys().copied().collect();
        known.sort_unstable();
        let keys = self.entries.iter().map(|(key, _)| *key);
        let unknown = keys.filter(|key| !self.known.contains_key(key.as_str()));
        let mut failures: Vec<(Diagnostic, Position)> = unknown
            .map(|key| {
                let name = key.as_str();
                let failure = if self.is_request {
                    Diagnostic::new(
                        ErrorCode::UnknownKey,
                        format!("a request has no key `{name}`"),
                    )
                } else {
                    Diagnostic::new(
                        ErrorCode::UnknownOption,
                        format!("there is no option `{name}`"),
                    )
                };
                (failure.hint(did_you_mean_or_list(name, &known)), key.pos)
            })
            .collect();
        let wrong = self.entries.iter();
        failures.extend(wrong.filter_map(|(key, value)| self.wrong_value(key, value)));
        let has_address = self.entries.iter().any(|(key, _)| key.as_str() == "email");
        if self.is_request && !has_address && failures.is_empty() {
            let failure = Diagnostic::new(ErrorCode::MissingKey, "the request has no `email`")
                .hint("a request is `#{ email: …, name: … }`");
            failures.push((failure, self.position));
        }
        failures
    }

    /// Finds a literal that the key beside it does not take.
    fn wrong_value(&self, key: &Ident, value: &Expr) -> Option<(Diagnostic, Position)> {
        let name = key.as_str();
        let kind = literal_type(value)?;
        let (wanted, fits) = match self.known.get(name)? {
            ExpectedType::Flag => ("`true` or `false`", kind == "bool"),
            ExpectedType::Array => ("an array", kind == "array"),
            ExpectedType::Map => ("a map", kind == "map"),
            ExpectedType::Time => ("a DateTime or a text", kind == "string"),
            ExpectedType::Other if self.is_request => ("a text", kind == "string"),
            ExpectedType::Other => return None,
        };
        if fits {
            return None;
        }
        let message = format!("`{name}` must be {wanted}, and this is `{kind}`");
        let failure = Diagnostic::new(ErrorCode::WrongType, message);
        let failure = match value {
            Expr::StringConstant(text, _) if wanted.starts_with("`true`") => {
                match parse_bool_word(text) {
                    Some(flag) => failure.hint(format!("write `{name}: {flag}`, without quotes")),
                    None => failure,
                }
            }
            _ => failure,
        };
        Some((failure, value.position()))
    }
}

/// Returns what a text means that stands where `true` or `false` should.
fn parse_bool_word(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" => Some(true),
        "false" | "no" | "off" | "n" | "0" => Some(false),
        _ => None,
    }
}

/// Lists the maps that a call is given, or that the closure it is given returns.
fn literal_maps<'a>(
    builtins: &'a Builtins,
    script: &'a ParsedScript,
    call: &Call<'a>,
) -> Vec<LiteralMap<'a>> {
    if call.name == "invite_all" {
        let requests = match (call.receiver, call.arguments) {
            (None, [rows]) => items(rows),
            (_, [.., make]) => script
                .closure(make)
                .map(|(closure, _)| values(&closure.body, true))
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        let known = builtins
            .takes("invite", 1)
            .filter(|native| native.takes_request(0));
        return literals(
            builtins,
            requests.into_iter(),
            &known.collect::<Vec<_>>(),
            true,
        );
    }
    let before = call.arity() - call.arguments.len();
    let mut maps = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        let index = index + before;
        let overloads = builtins.takes(call.name, call.arity());
        let takers: Vec<&BuiltinFunction> =
            overloads.filter(|native| native.takes_map(index)).collect();
        let is_request = takers.iter().any(|native| native.takes_request(index));
        maps.extend(literals(
            builtins,
            std::iter::once(argument),
            &takers,
            is_request,
        ));
    }
    maps
}

/// Takes those of `expressions` that are maps, if the functions that take them say which keys there are.
fn literals<'a>(
    builtins: &'a Builtins,
    expressions: impl Iterator<Item = &'a Expr>,
    takers: &[&'a BuiltinFunction],
    is_request: bool,
) -> Vec<LiteralMap<'a>> {
    let options: Vec<Vec<(&str, ExpectedType)>> = takers
        .iter()
        .map(|native| builtins.options(native))
        .collect();
    if options.is_empty() || options.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let known: HashMap<&str, ExpectedType> = options.into_iter().flatten().collect();
    expressions
        .filter_map(|expression| match expression {
            Expr::Map(map, position) => Some(LiteralMap {
                entries: map.0.iter().map(|(key, value)| (key, value)).collect(),
                position: *position,
                known: known.clone(),
                is_request,
            }),
            _ => None,
        })
        .collect()
}

fn items(rows: &Expr) -> Vec<&Expr> {
    match rows {
        Expr::Array(items, _) => items.iter().collect(),
        _ => Vec::new(),
    }
}

/// Lists the expressions that a body may return: those of `return`, and its last ones.
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
            other => found.extend(returned(other).into_iter().flat_map(expression_values)),
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
