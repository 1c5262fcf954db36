//! What is wrong with a script: a message, where, how it was reached, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rhai::Position;

use super::Source;

/// A script that could not be run to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such script.
    #[error("no script `{reference}`")]
    NoScript {
        /// Path or name as given.
        reference: String,
        /// The shipped script that was probably meant.
        likely: Option<String>,
    },
    /// The script's file cannot be read.
    #[error("cannot read the script `{}`: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// No script that comes with the binary has this name.
    #[error("no shipped script `{name}`")]
    NotShipped {
        /// The name as given.
        name: String,
        /// The shipped script that was probably meant.
        likely: Option<String>,
    },
    /// A new script would overwrite a file.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A new script cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The script is wrong, or an error it did not catch ended it.
    #[error("{}", .0.message)]
    Failed(Box<Failure>),
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NoScript {
                likely: Some(name), ..
            }
            | Self::NotShipped {
                likely: Some(name), ..
            } => vec![format!("did you mean `{name}`?")],
            Self::NoScript { .. } => vec![
                "give the path of a script, or the name of a shipped one; \
                 `gradient-bulk scripts` lists those"
                    .to_owned(),
            ],
            Self::NotShipped { .. } => vec!["`gradient-bulk scripts` lists them".to_owned()],
            Self::Exists { .. } => vec!["no file is overwritten: choose another name".to_owned()],
            Self::Unreadable { .. } | Self::Unwritable { .. } => Vec::new(),
            Self::Failed(failure) => failure.hints.clone(),
        }
    }
}

/// The diagnosis of an error in a script.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// A stable name for the kind of error.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// Where, as far as it is known.
    pub place: Option<Place>,
    /// The calls that led there, innermost first.
    pub stack: Vec<Frame>,
    /// What to do about it.
    pub hints: Vec<String>,
}

/// A place in a script's text.
#[derive(Clone, Debug)]
pub struct Place {
    /// The script's name.
    pub name: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// Returns the name that stands there, if one does.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        let line = self.text.lines().nth(self.line.checked_sub(1)?)?;
        let start = line.char_indices().nth(self.column.checked_sub(1)?)?.0;
        let word = word_at(line, start);
        (!word.is_empty()).then_some(word)
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

impl Failure {
    /// Starts a diagnosis.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            ..Self::default()
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, source: &Source, position: Position) -> Self {
        self.place = position.line().map(|line| Place {
            name: Arc::clone(&source.name),
            text: Arc::clone(&source.text),
            line,
            column: position.position().unwrap_or(1),
        });
        self
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
