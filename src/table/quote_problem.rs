//! Quotes that could be read in several ways, and how to fix them.

use std::fmt;

/// What a missing quote does.
pub(super) const SWALLOWS: &str =
    "a quote (`\"`) that is opened and not closed swallows the lines after it";

/// What is wrong with a quote. `opened` is the line of the quote that opens the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteProblem {
    NeverClosed,
    /// Text follows the quote that closes a field.
    TextAfter {
        opened: u64,
    },
    /// The same, in a field that has a backslash before a quote.
    Backslash {
        opened: u64,
    },
    /// In the middle of a field that is not quoted.
    InField,
    /// Only white space is before the quote in its field.
    AfterSpace,
    /// A quoted field contains a line that looks like a row.
    SwallowsRow {
        opened: u64,
    },
}

impl QuoteProblem {
    /// Adds `line` to the lines.
    #[must_use]
    pub(super) fn in_record_at(mut self, line: u64) -> Self {
        match &mut self {
            Self::TextAfter { opened }
            | Self::Backslash { opened }
            | Self::SwallowsRow { opened } => *opened += line,
            Self::NeverClosed | Self::InField | Self::AfterSpace => {}
        }
        self
    }

    /// Returns what to do about a problem that is noticed in `line`.
    pub(super) fn hint(self, line: u64) -> String {
        match self {
            Self::NeverClosed => swallows(line),
            Self::TextAfter { opened } | Self::Backslash { opened } if opened < line => {
                swallows(opened)
            }
            Self::SwallowsRow { opened } => {
                format!(
                    "{}; if this is one value, delete the line breaks in it, or export the file with all fields in quotes",
                    swallows(opened)
                )
            }
            Self::TextAfter { .. } | Self::Backslash { .. } => {
                "double a quote inside a quoted field, as in `\"Jane \"\"JJ\"\" Doe\"`".to_owned()
            }
            Self::InField => {
                "if the quote is text, put the whole field in quotes and double the quote, as in `\"a 13\"\" screen\"`; if not, \
                 delete it, or the `=` in `=\"00123\"`"
                    .to_owned()
            }
            Self::AfterSpace => "delete the space before the quote".to_owned(),
        }
    }
}

fn swallows(line: u64) -> String {
    format!("{SWALLOWS}: close the one in line {line}, or delete it")
}

impl fmt::Display for QuoteProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverClosed => write!(f, "a quote is opened and never closed"),
            Self::TextAfter { opened } => {
                write!(
                    f,
                    "text after the quote that closes a field; the field is opened in line {opened}"
                )
            }
            Self::Backslash { opened } => write!(
                f,
                "a backslash does not escape a quote (`\\\"`); the field is opened in line {opened}"
            ),
            Self::InField => write!(f, "a quote in the middle of a field"),
            Self::AfterSpace => write!(f, "a space before the quote that opens a field"),
            Self::SwallowsRow { opened } => {
                write!(
                    f,
                    "a row inside a quoted field, which is opened in line {opened}"
                )
            }
        }
    }
}
