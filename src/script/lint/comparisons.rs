//! Finds comparisons of values whose types never compare, and conditions that are neither `true` nor `false`.

use rhai::Expr;

use super::builtins::Builtins;
use super::call_display::written;
use super::expressions::COMPARISON_OPERATORS;
use super::facts::{Comparison, Condition, ErrorHandling, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use super::value_type::literal_type;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::values::comparison::{compares, mismatch, named};

/// Types of values that a missing value does not have. What functions return as a map may also be `()`.
const NEVER_UNIT: [&str; 6] = ["DateTime", "bool", "char", "float", "int", "string"];

/// Finds comparisons such as `row.score < 70`, of a text with a number.
pub(super) fn check(
    builtins: &Builtins,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let compared = facts.comparisons.iter().chain(&facts.switch_cases);
    let meant = compared.filter(|comparison| comparison.error_handling != ErrorHandling::Expected);
    meant
        .filter_map(|comparison| {
            if let Some(diagnostic) = never_unit(comparison) {
                let diagnostic = diagnostic.at(&script.source, comparison.position);
                return Some(Finding::warning(diagnostic));
            }
            never_holds(builtins, comparison).then(|| describe_mismatch(script, comparison))
        })
        .collect()
}

fn describe_mismatch(script: &ParsedScript, comparison: &Comparison) -> Finding {
    let Comparison {
        operator,
        operands: [(left, left_type), (right, right_type)],
        ..
    } = comparison;
    let is_pair = COMPARISON_OPERATORS.contains(operator);
    let (left, right) = (written(left), written(right).filter(|_| is_pair));
    let operands = [left.as_deref(), right.as_deref()];
    let thrown = mismatch(operator, &left_type.kind, &right_type.kind, operands);
    let diagnostic = Diagnostic::from(thrown).at(&script.source, comparison.position);
    match *operator {
        // The script continues with the other cases.
        "switch" => Finding::warning(diagnostic),
        _ => Finding::with_handling(comparison.error_handling, diagnostic),
    }
}

/// Describes a test whether a value is `()` that never is.
fn never_unit(comparison: &Comparison) -> Option<Diagnostic> {
    let [left, right] = &comparison.operands;
    let (value, value_type) = match (&left.0, &right.0) {
        (Expr::Unit(_), _) => right,
        (_, Expr::Unit(_)) => left,
        _ => return None,
    };
    let kind = value_type.kind.as_str();
    let is_equality = matches!(comparison.operator, "==" | "!=");
    if !is_equality || !NEVER_UNIT.contains(&kind) {
        return None;
    }
    if literal_type(value).is_some() {
        return None;
    }
    let value = written(value)?;
    let message = format!("`{value}` is {}, and never `()`", named(kind));
    let diagnostic = Diagnostic::new(ErrorCode::WrongType, message);
    Some(match kind {
        "string" => diagnostic.hint(format!(
            "test for an empty text: `{value} {} \"\"`",
            comparison.operator
        )),
        _ => diagnostic.hint("remove the test"),
    })
}

fn never_holds(builtins: &Builtins, comparison: &Comparison) -> bool {
    let [(left, left_type), (right, right_type)] = &comparison.operands;
    let (left_kind, right_kind) = (left_type.kind.as_str(), right_type.kind.as_str());
    let is_test_for_unit = matches!(comparison.operator, "==" | "!=")
        && (matches!(left, Expr::Unit(_)) || matches!(right, Expr::Unit(_)));
    let is_registered = || {
        builtins.named(comparison.operator, 2).any(|function| {
            let kinds = function.parameters.iter().map(|each| each.kind.as_str());
            kinds.eq([left_kind, right_kind])
        })
    };
    !is_test_for_unit && !compares(comparison.operator, left_kind, right_kind) && !is_registered()
}

/// Finds values where `true` or `false` is needed: `row.name || "none"`.
pub(super) fn conditions(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let wrong = facts
        .conditions
        .iter()
        .filter(|condition| condition.error_handling != ErrorHandling::Expected);
    let found = wrong.map(|condition| {
        let diagnostic = describe(condition);
        let position = condition.value.start_position();
        Finding::with_handling(
            condition.error_handling,
            diagnostic.at(&script.source, position),
        )
    });
    found.collect()
}

fn describe(condition: &Condition) -> Diagnostic {
    let kind = condition.value_type.kind.as_str();
    let needed_by = condition.needed_by;
    let message = format!("`{needed_by}` needs `true` or `false`, not {}", named(kind));
    let value = written(condition.value).unwrap_or_else(|| "x".to_owned());
    let operator = if needed_by == "!" { "==" } else { "!=" };
    let test = match kind {
        "string" => format!("{value} {operator} \"\""),
        "int" | "float" => format!("{value} {operator} 0"),
        "array" | "map" => format!("{value}.len() {operator} 0"),
        _ => format!("{value} {operator} ()"),
    };
    let diagnostic = Diagnostic::new(ErrorCode::WrongType, message);
    match needed_by {
        "||" => diagnostic.hint(format!(
            "for a default, write `if {test} {{ {value} }} else {{ … }}`"
        )),
        _ => diagnostic.hint(format!("write `{test}`")),
    }
}
