//! Completion: where the cursor stands, what the value to its left has, and what fits there.

mod candidates;
mod files;
mod place;
mod receiver;

use reedline::{Completer, Suggestion};

use super::knowledge::Shared;

/// Completes inputs.
pub(super) struct ByPlace {
    pub(super) knowledge: Shared,
}

impl Completer for ByPlace {
    fn complete(&mut self, line: &str, pos: usize) -> Vec<Suggestion> {
        let Some(before) = line.get(..pos) else {
            return Vec::new();
        };
        let place = place::find(before);
        self.knowledge
            .read(|known| candidates::suggest(known, &place, before))
    }
}
