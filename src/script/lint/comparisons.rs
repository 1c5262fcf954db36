//! Finds comparisons of values whose types never compare, and conditions that are neither `true` nor `false`.

use rhai::Expr;

use super::builtins::Builtins;
use super::call_display::written;
use super::facts::{Comparison, Condition, ErrorHandling, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::values::comparison::{compares, mismatch, named};

/// Finds comparisons such as `row.score < 70`, of a text with a number.
pub(super) fn check(
    builtins: &Builtins,
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let wrong = facts.comparisons.iter().filter(|comparison| {
        comparison.error_handling != ErrorHandling::Expected && never_holds(builtins, comparison)
    });
    let found = wrong.map(|comparison| {
        let [(left, left_type), (right, right_type)] = &comparison.operands;
        let operands = [written(left), written(right)];
        let thrown = mismatch(
            comparison.operator,
            &left_type.kind,
            &right_type.kind,
            [operands[0].as_deref(), operands[1].as_deref()],
        );
        let diagnostic = Diagnostic::from(thrown).at(&script.source, comparison.position);
        Finding::with_handling(comparison.error_handling, diagnostic)
    });
    found.collect()
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
