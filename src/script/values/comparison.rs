//! Which types compare with each other, and what to write instead where they do not.
//!
//! Rhai compares values of different types without an error: they are never equal, and neither is less than the other.

use crate::error_code::ErrorCode;
use crate::script::error::throw::Throw;

/// Returns whether `operator` compares values of these two types.
pub(in crate::script) fn compares(operator: &str, left: &str, right: &str) -> bool {
    let is_number = |kind| matches!(kind, "int" | "float");
    let is_text = |kind| matches!(kind, "string" | "char");
    let is_order = matches!(operator, "<" | "<=" | ">" | ">=");
    if is_order && (left == "()" || right == "()") {
        return false;
    }
    left == right || (is_number(left) && is_number(right)) || (is_text(left) && is_text(right))
}

/// Describes a comparison that never holds. `left` and `right` are types, and `text` is the operand that is a text, as it is
/// written, if that is known.
pub(in crate::script) fn mismatch(
    operator: &str,
    left: &str,
    right: &str,
    operands: [Option<&str>; 2],
) -> Throw {
    let message = format!(
        "`{operator}` cannot compare {} with {}",
        named(left),
        named(right)
    );
    Throw::new(ErrorCode::WrongType, message).hint_if(hint(operator, [left, right], operands))
}

/// Names a value of a type: `an int`.
pub(in crate::script) fn named(kind: &str) -> String {
    match kind {
        "()" => "the empty value `()`".to_owned(),
        kind if kind.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) => {
            format!("an `{kind}`")
        }
        kind => format!("a `{kind}`"),
    }
}

fn hint(operator: &str, kinds: [&str; 2], operands: [Option<&str>; 2]) -> Option<String> {
    let of_kind = |wanted: &[&str]| kinds.iter().position(|kind| wanted.contains(kind));
    let written = |at: usize, default: &'static str| operands[at].unwrap_or(default).to_owned();
    if let Some(at) = of_kind(&["()"]) {
        let value = written(at, "x");
        let default = match kinds[1 - at] {
            "string" => "\"\"",
            "int" | "float" => "0",
            _ => "…",
        };
        return Some(if value == "()" {
            "to test for a missing value, write `x == ()` or `x != ()`".to_owned()
        } else {
            format!(
                "the value is missing: write `{value} ?? {default}`, or test `{value} != ()` first"
            )
        });
    }
    let text = of_kind(&["string"])?;
    let value = written(text, "text");
    let number = value.trim_matches('"');
    let is_literal = number != value && number.parse::<f64>().is_ok();
    Some(match kinds[1 - text] {
        "int" | "float" if is_literal => format!("write the number without quotes: `{number}`"),
        "int" => format!("turn the text into a number: `parse_int({value})`"),
        "float" => format!("turn the text into a number: `parse_float({value})`"),
        "DateTime" => format!("turn the text into a time: `datetime({value})`"),
        "bool" if matches!(operator, "==" | "!=") => {
            format!("compare with a text: `{value} {operator} \"true\"`")
        }
        "array" => format!("to look for the text in a list, write `{value} in list`"),
        _ => return None,
    })
}
