//! Finds calls of `invite` in loops, and calls that invite from the closure of `invite_all`.

use super::facts::{ErrorHandling, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;

pub(super) fn check(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    facts
        .calls
        .iter()
        .filter(|call| matches!(call.name, "invite" | "invite_all") && call.module.is_none())
        .filter(|call| call.context.error_handling != ErrorHandling::Expected)
        .filter(|call| !script.defines(call.name, call.arguments.len()))
        .filter_map(|call| {
            if call.context.is_planning && !script.defines("invite_all", 2) {
                let message = format!("`{}` may not be called while `invite_all` plans", call.name);
                let diagnostic = Diagnostic::new(ErrorCode::Planning, message)
                    .hint("the closure decides about one row: let it return a request or `skip(reason)`");
                let diagnostic = diagnostic.at(&script.source, call.position);
                return Some(Finding::of_call(call, diagnostic));
            }
            let is_single = call.name == "invite" && call.context.is_repeated;
            is_single.then(|| {
                let diagnostic = Diagnostic::new(ErrorCode::InviteInLoop, "`invite` in a loop sends one by one and asks each time")
                    .hint("`invite_all(rows, |row| …)` checks all rows before it sends the first, and asks once");
                Finding::warning(diagnostic.at(&script.source, call.position))
            })
        })
        .collect()
}
