//! What the line editor asks about an input, answered without a terminal: for tests and fuzzing.

use std::ops::Range;

use reedline::{Completer as _, Highlighter as _};

use super::completer::ContextCompleter;
use super::completion_index::SharedIndex;
use super::highlighter::TokenHighlighter;
use super::validator::is_complete;

/// The answers, as in a session that has just begun.
#[derive(Debug, Default)]
pub struct TestHooks {
    completion_index: SharedIndex,
}

impl TestHooks {
    /// Tells whether `input` is whole, right or wrong.
    #[must_use]
    pub fn is_complete(&self, input: &str) -> bool {
        is_complete(input)
    }

    /// Returns the pieces of `input` that have colours of their own, one after the other.
    #[must_use]
    pub fn highlight(&self, input: &str, cursor: usize) -> Vec<String> {
        let completion_index = self.completion_index.clone();
        let styled = TokenHighlighter { completion_index }.highlight(input, cursor);
        styled.buffer.into_iter().map(|(_, text)| text).collect()
    }

    /// Lists what fits at byte `cursor` of `input`: what is replaced, and by what.
    #[must_use]
    pub fn complete(&self, input: &str, cursor: usize) -> Vec<(Range<usize>, String)> {
        let completion_index = self.completion_index.clone();
        let suggestions = ContextCompleter { completion_index }.complete(input, cursor);
        suggestions
            .into_iter()
            .map(|each| (each.span.start..each.span.end, each.value))
            .collect()
    }
}
