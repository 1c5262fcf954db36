//! The limit on the text that a value is written as.
//!
//! Texts in an array are shared, and take their full length only when they are written: a list with a million references to
//! one long text would need more memory than any machine has.

use rhai::{Array, Blob, Dynamic, Engine, ImmutableString, Map, NativeCallContext};

use super::checkpoint;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::text::to_json;

/// Maximum bytes of text that one value may be written as.
pub(in crate::script) const MAX_TEXT_BYTES: usize = 256 * 1024 * 1024;
/// Assumed size of a value that is not a text.
const SCALAR_SIZE: usize = 8;
/// Values nested deeper than this are not measured: every function that writes them refuses them anyway.
const MAX_DEPTH: usize = 1_000;

/// Bytes that a byte of text is written as at most: `\u{1b}`.
const LONGEST_ESCAPE: usize = 6;

/// Replaces the functions of Rhai that write lists, maps and quoted text with bounded ones that otherwise do the same.
pub(in crate::script) fn register(engine: &mut Engine) {
    engine
        .register_fn("print", |ctx: NativeCallContext, array: &mut Array| {
            check_fit(&ctx, array_fits(array)).map(|()| show_array(&ctx, array))
        })
        .register_fn("debug", |ctx: NativeCallContext, array: &mut Array| {
            check_fit(&ctx, array_fits(array)).map(|()| show_array(&ctx, array))
        })
        .register_fn("print", |ctx: NativeCallContext, map: &mut Map| {
            check_fit(&ctx, map_fits(map)).map(|()| show_map(&ctx, map))
        })
        .register_fn("debug", |ctx: NativeCallContext, map: &mut Map| {
            check_fit(&ctx, map_fits(map)).map(|()| show_map(&ctx, map))
        })
        .register_fn("debug", |ctx: NativeCallContext, text: &str| {
            check_fit(&ctx, fits(|size| size(text))).map(|()| format!("{text:?}"))
        })
        .register_fn("to_debug", |text: &str| {
            show_if(fits(|size| size(text)), || format!("{text:?}").into())
        })
        .register_fn("to_json", |ctx: NativeCallContext, map: &mut Map| {
            check_fit(&ctx, map_fits(map)).and_then(|()| json(&ctx, map))
        });
    for name in ["to_string", "to_debug"] {
        // Rhai calls these for interpolated values, and falls back to another format if they raise an error.
        engine
            .register_fn(name, |ctx: NativeCallContext, array: &mut Array| {
                show_if(array_fits(array), || show_array(&ctx, array))
            })
            .register_fn(name, |ctx: NativeCallContext, map: &mut Map| {
                show_if(map_fits(map), || show_map(&ctx, map))
            });
    }
}

/// Checks that `value` can be written as text.
pub(in crate::script) fn check_text_size(
    ctx: &NativeCallContext,
    value: &Dynamic,
) -> RhaiResultOf<()> {
    check_fit(ctx, value_fits(value))
}

/// Whether `value` can be written as text. If not, the script ends at its next step.
pub(in crate::script) fn fits_text_limit(value: &Dynamic) -> bool {
    let fits = value_fits(value);
    if !fits {
        checkpoint::mark_oversized_value();
    }
    fits
}

/// Whether `value` is written as at most `max` bytes of text, apart from escapes.
pub(in crate::script) fn is_text_within(value: &Dynamic, max: usize) -> bool {
    value_size(value, 0, str::len) <= max
}

fn value_fits(value: &Dynamic) -> bool {
    fits(|size| value_size(value, 0, size))
}

fn array_fits(array: &Array) -> bool {
    fits(|size| sum(array.iter().map(|item| value_size(item, 1, size))))
}

fn map_fits(map: &Map) -> bool {
    fits(|size| map_size(map, 0, size))
}

/// Returns the bytes that a text is written as.
type TextSize = fn(&str) -> usize;

/// Whether something of this size may be written. Escapes are counted only if they matter, as that takes longer.
fn fits(size: impl Fn(TextSize) -> usize) -> bool {
    let unescaped = size(str::len);
    unescaped <= MAX_TEXT_BYTES / LONGEST_ESCAPE
        || (unescaped <= MAX_TEXT_BYTES && size(escaped_size) <= MAX_TEXT_BYTES)
}

/// Estimates the bytes that `value` is written as. Counting stops when the limit is exceeded.
fn value_size(value: &Dynamic, depth: usize, text_size: TextSize) -> usize {
    if depth > MAX_DEPTH {
        return SCALAR_SIZE;
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return text_size(&text) + SCALAR_SIZE;
    }
    if let Some(items) = value.read_lock::<Array>() {
        return sum(items
            .iter()
            .map(|item| value_size(item, depth + 1, text_size)));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return map_size(&map, depth, text_size);
    }
    value
        .read_lock::<Blob>()
        .map_or(SCALAR_SIZE, |bytes| 4 * bytes.len())
}

fn map_size(map: &Map, depth: usize, text_size: TextSize) -> usize {
    sum(map
        .iter()
        .map(|(key, item)| text_size(key) + value_size(item, depth + 1, text_size)))
}

/// Counts the bytes of `text` with the escapes that it is written with inside a list.
fn escaped_size(text: &str) -> usize {
    if text.is_ascii() {
        let quoted = text
            .bytes()
            .filter(|byte| matches!(byte, b'"' | b'\\'))
            .count();
        let control = text.bytes().filter(u8::is_ascii_control).count();
        return text.len() + quoted + control * (LONGEST_ESCAPE - 1);
    }
    let letters = text.chars();
    letters
        .map(|letter| letter.escape_debug().len().max(letter.len_utf8()))
        .sum()
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
pub(in crate::script) fn check_byte_count(
    ctx: &NativeCallContext,
    size: usize,
) -> RhaiResultOf<()> {
    check_fit(ctx, size <= MAX_TEXT_BYTES)
}

fn check_fit(ctx: &NativeCallContext, fits: bool) -> RhaiResultOf<()> {
    if fits {
        return Ok(());
    }
    Err(throw(ctx, too_much_text("the value")))
}

/// The error for something that would be too much text.
pub(in crate::script) fn too_much_text(what: &str) -> Throw {
    let limit = MAX_TEXT_BYTES / 1024 / 1024;
    let message = format!("{what} would be more than {limit} MiB of text");
    Throw::new(ErrorCode::TooLarge, message).hint("write its parts one by one")
}

fn show_if(fits: bool, show: impl FnOnce() -> ImmutableString) -> ImmutableString {
    if !fits {
        checkpoint::mark_oversized_value();
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
