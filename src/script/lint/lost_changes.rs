//! Finds changes of copies that nothing reads afterwards, and changes of keys that a map does not have.

use rhai::Expr;

use super::call_display::written;
use super::facts::ScriptFacts;
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use super::scopes::{Copy, LostChange};
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;

/// Finds changes of loop variables, arguments and other copies that are not read afterwards.
pub(super) fn check(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
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
