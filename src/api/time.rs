//! Times as the API writes them.

use jiff::Timestamp;
use serde::Deserialize;

/// A time of an answer; one that is not as documented is kept as its text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Time {
    /// An instant.
    At(Timestamp),
    /// Text that is no instant.
    Text(String),
}

impl Time {
    /// Returns the instant, where the text was one.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::At(timestamp) => Some(*timestamp),
            Self::Text(_) => None,
        }
    }
}
