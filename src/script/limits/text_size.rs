//! The limit on the text that a value is written as.
//!
//! Texts in an array are shared, and take their full length only when they are written: a list with a million references to
//! one long text would need more memory than any machine has.

use rhai::{Array, Blob, Dynamic, Engine, ImmutableString, Map, NativeCallContext};

use super::oversized_value;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::text::to_json;

/// Maximum bytes of text that one value may be written as.
const MAX_TEXT_BYTES: usize = 256 * 1024 * 1024;
/// Assumed size of a value that is not a text.
const SCALAR_SIZE: usize = 8;
/// Values nested deeper than this are not measured: every function that writes them refuses them anyway.
const MAX_DEPTH: usize = 1_000;

/// Replaces the functions of Rhai that write lists and maps as text with bounded ones that otherwise do the same.
pub(in crate::script) fn register(engine: &mut Engine) {
    engine
        .register_fn("print", |ctx: NativeCallContext, array: &mut Array| {
            check_byte_count(&ctx, array_size(array)).map(|()| show_array(&ctx, array))
        })
        .register_fn("debug", |ctx: NativeCallContext, array: &mut Array| {
            check_byte_count(&ctx, array_size(array)).map(|()| show_array(&ctx, array))
        })
        .register_fn("print", |ctx: NativeCallContext, map: &mut Map| {
            check_byte_count(&ctx, map_size(map)).map(|()| show_map(&ctx, map))
        })
        .register_fn("debug", |ctx: NativeCallContext, map: &mut Map| {
            check_byte_count(&ctx, map_size(map)).map(|()| show_map(&ctx, map))
        })
        .register_fn("to_json", |ctx: NativeCallContext, map: &mut Map| {
            check_byte_count(&ctx, map_size(map)).and_then(|()| json(&ctx, map))
        });
    for name in ["to_string", "to_debug"] {
        // Rhai calls these for interpolated values, and falls back to another format if they raise an error.
        engine
            .register_fn(name, |ctx: NativeCallContext, array: &mut Array| {
                show_if_small(array_size(array), || show_array(&ctx, array))
            })
            .register_fn(name, |ctx: NativeCallContext, map: &mut Map| {
                show_if_small(map_size(map), || show_map(&ctx, map))
            });
    }
}

/// Checks that `value` can be written as text.
///
/// # Errors
/// `too_large`: it would be too much text.
pub(in crate::script) fn check_text_size(
    ctx: &NativeCallContext,
    value: &Dynamic,
) -> RhaiResultOf<()> {
    check_byte_count(ctx, value_size(value, 0))
}

/// Whether `value` can be written as text. If not, the script ends at its next step.
pub(in crate::script) fn fits_text_limit(value: &Dynamic) -> bool {
    let fits = value_size(value, 0) <= MAX_TEXT_BYTES;
    if !fits {
        oversized_value::mark();
    }
    fits
}

/// Estimates the bytes that `value` is written as. Counting stops when the limit is exceeded.
fn value_size(value: &Dynamic, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return SCALAR_SIZE;
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return text.len() + SCALAR_SIZE;
    }
    if let Some(items) = value.read_lock::<Array>() {
        return sum(items.iter().map(|item| value_size(item, depth + 1)));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return sum(map
            .iter()
            .map(|(key, item)| key.len() + value_size(item, depth + 1)));
    }
    value
        .read_lock::<Blob>()
        .map_or(SCALAR_SIZE, |bytes| 4 * bytes.len())
}

fn array_size(array: &Array) -> usize {
    sum(array.iter().map(|item| value_size(item, 1)))
}

fn map_size(map: &Map) -> usize {
    sum(map
        .iter()
        .map(|(key, item)| key.len() + value_size(item, 1)))
}

fn sum(sizes: impl Iterator<Item = usize>) -> usize {
    let mut total = SCALAR_SIZE;
    for size in sizes {
        total = total.saturating_add(size);
        if total > MAX_TEXT_BYTES {
            break;
        }
    }
    total
}

/// Checks that `size` bytes of text may be written at once.
///
/// # Errors
/// `too_large`: they are too many.
pub(in crate::script) fn check_byte_count(
    ctx: &NativeCallContext,
    size: usize,
) -> RhaiResultOf<()> {
    if size <= MAX_TEXT_BYTES {
        return Ok(());
    }
    let limit = MAX_TEXT_BYTES / 1024 / 1024;
    let message = format!("the value would be more than {limit} MiB of text");
    let hint = "write its parts one by one";
    Err(throw(
        ctx,
        Throw::new(ErrorCode::TooLarge, message).hint(hint),
    ))
}

fn show_if_small(size: usize, show: impl FnOnce() -> ImmutableString) -> ImmutableString {
    if size > MAX_TEXT_BYTES {
        oversized_value::mark();
        return ImmutableString::new();
    }
    show()
}

fn show_array(ctx: &NativeCallContext, array: &mut Array) -> ImmutableString {
    let items: Vec<_> = array.iter_mut().map(|item| show(ctx, item)).collect();
    format!("[{}]", items.join(", ")).into()
}

fn show_map(ctx: &NativeCallContext, map: &mut Map) -> ImmutableString {
    let items = map.iter_mut();
    let items: Vec<_> = items
        .map(|(key, item)| format!("{key:?}: {}", show(ctx, item)))
        .collect();
    format!("#{{{}}}", items.join(", ")).into()
}

/// Shows a nested value as Rhai does.
fn show(ctx: &NativeCallContext, value: &mut Dynamic) -> ImmutableString {
    let shown = ctx.call_native_fn_raw("to_debug", true, &mut [value]);
    let shown = shown
        .ok()
        .and_then(|shown| shown.into_immutable_string().ok());
    shown.unwrap_or_else(|| ctx.engine().map_type_name(value.type_name()).into())
}

fn json(ctx: &NativeCallContext, map: &Map) -> RhaiResultOf<String> {
    let entries: std::collections::BTreeMap<_, _> =
        map.iter().map(|(key, item)| (key.as_str(), item)).collect();
    to_json(&entries).map_err(|error| {
        let message = format!("the map cannot be written as JSON: {error}");
        throw(ctx, Throw::new(ErrorCode::WrongType, message))
    })
}
