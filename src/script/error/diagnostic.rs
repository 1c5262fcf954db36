//! The description of an error in a script: message, source location, call stack and hints.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rhai::Position;

use crate::error_code::ErrorCode;
use crate::script::source::{Source, line};

/// An error in a script, described for the user.
#[derive(Clone, Debug, Default)]
pub struct Diagnostic {
    /// The name of an [`ErrorCode`], or what a script chose for an error of its own.
    pub code: Cow<'static, str>,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// The location of the error, if known.
    pub location: Option<SourceLocation>,
    /// The calls that led to the error, innermost first.
    pub stack: Vec<Frame>,
    /// More lines to show, such as the differences between two values.
    pub detail: Option<String>,
    /// How to fix it.
    pub hints: Vec<String>,
    /// The change to the script that a hint asks for, if it is certain.
    pub edit: Option<Edit>,
    /// Replaces the hints for a user who cannot change the script. An empty text means no hint at all.
    pub user_hint: Option<String>,
}

/// A change to one line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// From 1.
    pub line: usize,
    /// The number of characters before it on the line.
    pub start: usize,
    /// What is there now.
    pub old: String,
    /// What to write instead.
    pub new: String,
}

impl Edit {
    /// Replaces `old` at `start` on the line of `location`.
    pub(in crate::script) fn on_line(
        location: &SourceLocation,
        start: usize,
        old: &str,
        new: &str,
    ) -> Self {
        Self {
            line: location.line,
            start,
            old: old.to_owned(),
            new: new.to_owned(),
        }
    }

    /// Inserts `new` at `start`.
    pub(in crate::script) fn insert(line: usize, start: usize, new: &str) -> Self {
        Self {
            line,
            start,
            old: String::new(),
            new: new.to_owned(),
        }
    }

    /// Returns the bytes of `text` that it replaces, if they still have what it expects.
    pub fn range(&self, text: &str) -> Option<Range<usize>> {
        let line_start: usize = text
            .split_inclusive('\n')
            .take(self.line.checked_sub(1)?)
            .map(str::len)
            .sum();
        let rest = text.get(line_start..)?;
        let line = rest.lines().next().unwrap_or_default();
        let mut starts = line.char_indices().map(|(at, _)| at);
        let start = starts.nth(self.start).or_else(|| {
            let is_end = line.chars().count() == self.start;
            is_end.then_some(line.len())
        })?;
        let is_there = line.get(start..)?.starts_with(&self.old);
        let start = line_start + start;
        is_there.then(|| start..start + self.old.len())
    }
}

/// A position in the text of a script.
#[derive(Clone, Debug)]
pub struct SourceLocation {
    pub name: Arc<str>,
    /// The whole text of the script.
    pub text: Arc<str>,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl SourceLocation {
    /// Returns the identifier that starts here, if any.
    pub fn word(&self) -> Option<&str> {
        let line = self.line_text();
        let start = line.char_indices().nth(self.column.checked_sub(1)?)?.0;
        let word = word_at(line, start);
        (!word.is_empty()).then_some(word)
    }

    pub fn line_text(&self) -> &str {
        line(&self.text, self.line)
    }

    /// Whether only white space precedes it on its line.
    pub(in crate::script) fn is_first_on_line(&self) -> bool {
        let mut before = self.line_text().chars().take(self.column.saturating_sub(1));
        before.all(char::is_whitespace)
    }

    /// Returns the characters of the line to mark, from 0: an identifier, a quoted key, or a single character.
    pub fn span(&self) -> Range<usize> {
        let line = self.line_text();
        let letters = line.chars().count();
        let column = self.column.saturating_sub(1).min(letters);
        let rest = |skipped: usize| {
            let at = line.char_indices().nth(skipped);
            at.map_or("", |(at, _)| line.get(at..).unwrap_or(""))
        };
        // Rhai reports a property at its dot.
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

/// Returns the identifier that starts at byte `start` of `line`, or an empty text.
pub fn word_at(line: &str, start: usize) -> &str {
    let rest = line.get(start..).unwrap_or("");
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    &rest[..end.unwrap_or(rest.len())]
}

/// One call of the call stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The name of the called function, or `closure`.
    pub function: String,
    /// The script that contains the call.
    pub script: Arc<str>,
    /// The line of the call, from 1.
    pub line: Option<usize>,
}

impl Diagnostic {
    /// Creates a diagnostic without location and hints.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code: code.name().into(),
            message: message.into(),
            ..Self::default()
        }
    }

    /// Returns the code; `None` if a script chose one of its own.
    pub fn error_code(&self) -> Option<ErrorCode> {
        ErrorCode::parse(&self.code)
    }

    /// Adds a hint on how to fix it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.hint_if(Some(hint))
    }

    /// Adds a hint on how to fix it, if there is one.
    #[must_use]
    pub fn hint_if(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hints.extend(hint.map(Into::into));
        self
    }

    /// Sets the change that a hint asks for. It must be certain: the script cannot run as it is, and only one change can be meant.
    #[must_use]
    pub fn fix(mut self, edit: Option<Edit>) -> Self {
        self.edit = edit;
        self
    }

    /// Sets a replacement of the marked characters as the change that a hint asks for.
    #[must_use]
    pub(in crate::script) fn fix_marked(self, new: Option<&str>) -> Self {
        let edit = self.location.as_ref().zip(new).map(|(location, new)| {
            let span = location.span();
            let marked = location.line_text().chars().skip(span.start);
            let old: String = marked.take(span.len()).collect();
            Edit::on_line(location, span.start, &old, new)
        });
        self.fix(edit)
    }

    /// Sets the hint for a user who cannot change the script.
    #[must_use]
    pub fn user_hint(mut self, user_hint: impl Into<String>) -> Self {
        self.user_hint = Some(user_hint.into());
        self
    }

    /// Adapts it for a user who runs a shipped script: its source lines and calls would not help them.
    #[must_use]
    pub(in crate::script) fn for_end_user(mut self) -> Self {
        if let Some(user_hint) = self.user_hint.take() {
            self.hints.clear();
            self.hints
                .extend(Some(user_hint).filter(|hint| !hint.is_empty()));
        }
        self.stack.clear();
        self
    }

    /// Sets the location.
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

/// Makes a position of a line and a column, both from 1.
pub(in crate::script) fn position(line: usize, column: usize) -> Position {
    let clamped = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    Position::new(clamped(line), clamped(column))
}

pub(in crate::script) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
