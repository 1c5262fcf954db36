//! Completion: what is being typed at the cursor, the type of the value before it, and the suggestions.

mod bindings;
mod candidates;
mod cursor_context;
mod modules;
mod receiver;

use reedline::{Completer, Suggestion};

use super::completion_index::SharedIndex;

pub(super) struct ContextCompleter {
    pub(super) completion_index: SharedIndex,
}

impl Completer for ContextCompleter {
    fn complete(&mut self, line: &str, pos: usize) -> Vec<Suggestion> {
        let Some(before) = line.get(..pos) else {
            return Vec::new();
        };
        let cursor_context = cursor_context::find(before);
        self.completion_index
            .read(|index| candidates::suggest(index, &cursor_context, before))
    }
}
