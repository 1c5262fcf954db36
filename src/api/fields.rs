//! Values and names of response fields.

use jiff::Timestamp;
use serde::Deserialize;

/// Fields of a response that this client has no name for, unchanged.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// A time in a response.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Time {
    /// In the documented format.
    At(Timestamp),
    /// In any other format.
    Text(String),
}

impl Time {
    /// Returns the timestamp, if the time has the documented format.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::At(timestamp) => Some(*timestamp),
            Self::Text(_) => None,
        }
    }
}

/// Returns the name of a field in scripts and tables: `task_time_minutes` for `taskTimeMinutes`.
#[must_use]
pub fn snake_case(key: &str) -> String {
    let mut snake = String::with_capacity(key.len() + 4);
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            if !snake.is_empty() {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        } else {
            snake.push(letter);
        }
    }
    snake
}
