//! Numbers of scripts: from counts, from JSON, and what is none.

use rhai::{Dynamic, INT};
use serde_json::Number;

/// How Rhai says that a text is no number.
const PARSE_ERROR_PREFIX: &str = "Error parsing ";

/// Turns a count into a number of scripts, as far as that goes.
pub(in crate::script) fn int(count: impl TryInto<INT>) -> INT {
    count.try_into().unwrap_or(INT::MAX)
}

/// Turns a number of JSON into one of scripts: a whole one where it is one.
pub(in crate::script) fn from_json_number(number: &Number) -> Dynamic {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole.into(),
        (None, Some(float)) => float.into(),
        (None, None) => number.to_string().into(),
    }
}

/// `Error parsing integer number 'five': invalid digit found in string` is about the text `five`.
pub(in crate::script) fn invalid_number_message(message: &str) -> Option<String> {
    let (_, text) = message.strip_prefix(PARSE_ERROR_PREFIX)?.split_once('\'')?;
    let (text, _) = text.rsplit_once('\'')?;
    Some(format!("`{text}` is no number"))
}
