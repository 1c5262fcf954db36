//! Statements that are never reached.

use super::facts::Outline;
use super::finding::Finding;
use super::script::Script;
use crate::script::error::failure::Failure;

/// Finds the first one of each block.
pub(super) fn check(script: &Script, outline: &Outline) -> Vec<Finding> {
    outline
        .unreachable
        .iter()
        .map(|position| {
            let failure = Failure::new("unreachable", "this is never reached")
                .hint("the statement before it leaves in any case");
            Finding::warning(failure.at(&script.source, *position))
        })
        .collect()
}
