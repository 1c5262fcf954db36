//! The functions behind the line editor, for tests and fuzzing without a terminal.

use std::ops::Range;

use reedline::{Completer as _, Highlighter as _};

use super::completer::ContextCompleter;
use super::completion_index::SharedIndex;
use super::highlighter::TokenHighlighter;
use super::validator::is_complete;

/// The functions of the line editor in a new session.
#[derive(Debug, Default)]
pub struct TestHooks {
    completion_index: SharedIndex,
}

impl TestHooks {
    /// Returns whether Enter would run `input`, be it valid or not.
    pub fn is_complete(&self, input: &str) -> bool {
        is_complete(input)
    }

    /// Splits `input` into pieces of one color each.
    pub fn highlight(&self, input: &str, cursor: usize) -> Vec<String> {
        let completion_index = self.completion_index.clone();
        let styled = TokenHighlighter { completion_index }.highlight(input, cursor);
        styled.buffer.into_iter().map(|(_, text)| text).collect()
    }

    /// Lists the completions at byte `cursor` of `input`: the replaced bytes and their replacement.
    pub fn complete(&self, input: &str, cursor: usize) -> Vec<(Range<usize>, String)> {
        let completion_index = self.completion_index.clone();
        let suggestions = ContextCompleter { completion_index }.complete(input, cursor);
        suggestions
            .into_iter()
            .map(|suggestion| (suggestion.span.start..suggestion.span.end, suggestion.value))
            .collect()
    }
}
