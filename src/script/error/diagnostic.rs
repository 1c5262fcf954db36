//! What is wrong with a script: a message, where, how it was reached, and what to do about it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rhai::Position;

use crate::error_code::ErrorCode;
use crate::script::source::Source;

/// The diagnosis of an error in a script.
#[derive(Clone, Debug, Default)]
pub struct Diagnostic {
    /// The name of an [`ErrorCode`], or what a script chose for an error of its own.
    pub code: Cow<'static, str>,
    /// What is wrong.
    pub message: String,
    /// Where, as far as it is known.
    pub location: Option<SourceLocation>,
    /// The calls that led there, innermost first.
    pub stack: Vec<Frame>,
    /// What more there is to see, such as in what values differ, line by line.
    pub detail: Option<String>,
    /// What to do about it.
    pub hints: Vec<String>,
    /// What to do about it for somebody who cannot change the script, where that is something else; empty for nothing.
    pub user_hint: Option<String>,
}

/// A place in a script's text.
#[derive(Clone, Debug)]
pub struct SourceLocation {
    /// The script's name.
    pub name: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl SourceLocation {
    /// Returns the name that stands there, if one does.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        let line = self.text.lines().nth(self.line.checked_sub(1)?)?;
        let start = line.char_indices().nth(self.column.checked_sub(1)?)?.0;
        let word = word_at(line, start);
        (!word.is_empty()).then_some(word)
    }

    /// Returns the line that the place is in.
    #[must_use]
    pub fn line_text(&self) -> &str {
        let number = self.line.saturating_sub(1);
        self.text.lines().nth(number).unwrap_or("")
    }

    /// Tells whether nothing stands before it on its line.
    pub(in crate::script) fn is_first_on_line(&self) -> bool {
        let mut before = self.line_text().chars().take(self.column.saturating_sub(1));
        before.all(char::is_whitespace)
    }

    /// Returns which characters of the line are meant, from 0: a name, a quoted key, or the single one that stands there.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        let line = self.line_text();
        let letters = line.chars().count();
        let column = self.column.saturating_sub(1).min(letters);
        let rest = |skipped: usize| {
            let at = line.char_indices().nth(skipped);
            at.map_or("", |(at, _)| line.get(at..).unwrap_or(""))
        };
        // The place of a property is its dot.
        let start = column + usize::from(rest(column).starts_with('.'));
        let rest = rest(start);
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.find('"'));
        let marked = match quoted {
            Some(end) => &rest[..end + 2],
            None => word_at(rest, 0),
        };
        let first = usize::from(start < letters);
        start..start + marked.chars().count().max(first)
    }
}

/// Returns the name that starts at byte `start` of `line`; empty where none does.
#[must_use]
pub fn word_at(line: &str, start: usize) -> &str {
    let rest = line.get(start..).unwrap_or("");
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    &rest[..end.unwrap_or(rest.len())]
}

/// A call on the way to the error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function, or `closure`.
    pub function: String,
    /// The script the call stands in.
    pub script: Arc<str>,
    /// The line the call stands in.
    pub line: Option<usize>,
}

impl Diagnostic {
    /// Starts a diagnosis.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code: code.name().into(),
            message: message.into(),
            ..Self::default()
        }
    }

    /// Returns the code; `None` for an error that a script made up.
    #[must_use]
    pub fn error_code(&self) -> Option<ErrorCode> {
        ErrorCode::parse(&self.code)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what to do about it for somebody who cannot change the script.
    #[must_use]
    pub fn user_hint(mut self, user_hint: impl Into<String>) -> Self {
        self.user_hint = Some(user_hint.into());
        self
    }

    /// Makes it the error of somebody who runs a script that came with the binary: where it stands there is nothing to see.
    #[must_use]
    pub(in crate::script) fn for_end_user(mut self) -> Self {
        if let Some(user_hint) = self.user_hint.take() {
            self.hints = vec![user_hint];
            self.hints.retain(|user_hint| !user_hint.is_empty());
        }
        self.stack.clear();
        self
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, source: &Source, position: Position) -> Self {
        self.location = position.line().map(|line| SourceLocation {
            name: Arc::clone(&source.name),
            text: Arc::clone(&source.text),
            line,
            column: position.position().unwrap_or(1),
        });
        self
    }
}

pub(in crate::script) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
