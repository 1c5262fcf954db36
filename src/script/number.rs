//! Numbers of scripts: conversions, and the error for text that is not a number.

use rhai::{Dynamic, INT};
use serde_json::Number;

/// How Rhai reports text that is not a number.
const PARSE_ERROR_PREFIX: &str = "Error parsing ";

/// Turns a count into a number, or into the largest number.
pub(in crate::script) fn int(count: impl TryInto<INT>) -> INT {
    count.try_into().unwrap_or(INT::MAX)
}

/// Turns a JSON number into an integer if it is one, else into a float.
pub(in crate::script) fn from_json_number(number: &Number) -> Dynamic {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole.into(),
        (None, Some(float)) => float.into(),
        (None, None) => number.to_string().into(),
    }
}

/// Turns `Error parsing integer number 'five': invalid digit found in string` into a message about `five`.
pub(in crate::script) fn invalid_number_message(message: &str) -> Option<String> {
    let (_, text) = message.strip_prefix(PARSE_ERROR_PREFIX)?.split_once('\'')?;
    let (text, _) = text.rsplit_once('\'')?;
    Some(format!("`{text}` is not a number"))
}
