//! Values and names of response fields.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Fields of a response that this client has no name for, unchanged.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// A time in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Time {
    /// In the documented format.
    At(Timestamp),
    /// In any other format.
    Text(String),
}

/// What is not a string, such as a number of seconds, is kept as the text of its JSON.
impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(text.parse().map_or(Self::Text(text), Self::At))
    }
}

impl Time {
    /// Returns the timestamp, if the time has the documented format.
    pub fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::At(timestamp) => Some(*timestamp),
            Self::Text(_) => None,
        }
    }
}

/// Returns the name of a field in scripts and tables: `task_time_minutes` for `taskTimeMinutes`.
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
