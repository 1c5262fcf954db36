//! Variables that are not there, and variables that nothing uses.

use std::collections::HashSet;

use super::finding::Finding;
use super::script::Script;
use super::walk::Outline;
use crate::script::Failure;
use crate::script::diagnose::{outer_variable, top_level_variables, unknown_variable};

/// Finds variables that are not there. The parser refuses such a script, and names the first only.
pub(super) fn unknown(script: &Script, outline: &Outline) -> Vec<Finding> {
    outline
        .unknown
        .iter()
        .map(|unknown| {
            let name = unknown.name;
            let mut outside = top_level_variables(&script.ast);
            let failure = match outside.find(|(other, _)| unknown.is_in_function && *other == name)
            {
                Some((_, is_constant)) => outer_variable(name, is_constant),
                None => unknown_variable(name, unknown.visible.iter().copied()),
            };
            Finding::error(failure.at(&script.source, unknown.position))
        })
        .collect()
}

/// Finds variables that nothing uses.
pub(super) fn unused(script: &Script, outline: &Outline) -> Vec<Finding> {
    let mut meant: HashSet<&str> = outline.unknown.iter().map(|unknown| unknown.name).collect();
    // `global::NAME` is a constant of the outermost block.
    meant.extend(outline.qualified.iter().map(|used| used.name));
    outline
        .unused
        .iter()
        .filter(|unused| !unused.name.starts_with('_') && !meant.contains(unused.name))
        .map(|unused| {
            let name = unused.name;
            let failure = Failure::new("unused_variable", format!("`{name}` is never used")).hint(
                format!("delete it, or call it `_{name}` if it is meant to stay"),
            );
            Finding::warning(failure.at(&script.source, unused.position))
        })
        .collect()
}
