//! Finds keys that the map of a function does not have: `session.candidate_emial`.

use std::collections::HashSet;

use super::facts::{ErrorHandling, KeyRead, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::text::{did_you_mean, did_you_mean_or_list, only_typo};

/// A key that a script sets anywhere may be one of any map.
pub(super) fn check(
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
