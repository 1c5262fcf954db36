//! Option maps: read by serde into structs that refuse unknown keys.

use rhai::serde::from_dynamic;
use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};
use serde::de::DeserializeOwned;

use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::text::did_you_mean_or_list;

/// Reads an option map. A character, such as `';'`, is a text of one.
///
/// # Errors
/// `unknown_option`: a key is none of the known ones; `wrong_type`: a value is of another type.
pub(in crate::script) fn options<T: DeserializeOwned>(
    ctx: &NativeCallContext,
    mut map: Map,
) -> RhaiResultOf<T> {
    for value in map.values_mut() {
        if let Ok(letter) = value.as_char() {
            *value = letter.to_string().into();
        }
    }
    from_dynamic(&Dynamic::from_map(map)).map_err(|error| throw(ctx, options_error(&error)))
}

/// Serde says: ``unknown field `colour`, expected one of `color`, `size` ``, and Rhai hands on the text alone.
fn options_error(error: &EvalAltResult) -> Throw {
    let text = match error {
        EvalAltResult::ErrorParsing(kind, _) => kind.to_string(),
        other => other.to_string(),
    };
    let mut quoted = text.split('`').skip(1).step_by(2);
    match quoted.next() {
        Some(unknown) if text.contains("unknown field") => {
            let known: Vec<&str> = quoted.collect();
            Throw::new(
                ErrorCode::UnknownOption,
                format!("there is no option `{unknown}`"),
            )
            .hint(did_you_mean_or_list(unknown, &known))
        }
        _ => Throw::new(ErrorCode::WrongType, format!("bad option: {text}")),
    }
}
