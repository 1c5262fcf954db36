//! How much text a value is written as. Texts in an array are shared, and cost their length only when they are written: a
//! list of a million references to one long text would need more memory than any machine has.

#![allow(clippy::unnecessary_box_returns, reason = "Rhai takes errors in boxes")]

use rhai::{Array, Blob, Dynamic, Engine, EvalAltResult, ImmutableString, Map, NativeCallContext};

use super::memory;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};

/// Most bytes of text that one value may be written as.
const MAX_TEXT_BYTES: usize = 256 * 1024 * 1024;
/// What a value takes that is no text.
const SCALAR_SIZE: usize = 8;
/// Depth from which on nothing is looked at: what is nested deeper is refused by whoever writes it.
const MAX_DEPTH: usize = 1_000;

/// Replaces the functions of Rhai that write lists and maps as text by bounded ones of the same meaning.
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
        // Rhai itself calls these, for what stands in a text, and takes an error for "show it in another way".
        engine
            .register_fn(name, |ctx: NativeCallContext, array: &mut Array| {
                show_if_small(array_size(array), || show_array(&ctx, array))
            })
            .register_fn(name, |ctx: NativeCallContext, map: &mut Map| {
                show_if_small(map_size(map), || show_map(&ctx, map))
            });
    }
}

/// Raises that `value` would be written as too much text.
///
/// # Errors
/// `too_large`: it would.
pub(in crate::script) fn check_text_size(
    ctx: &NativeCallContext,
    value: &Dynamic,
) -> RhaiResultOf<()> {
    check_byte_count(ctx, value_size(value, 0))
}

/// Tells whether `value` can be written as text; if not, the script ends at its next step.
pub(in crate::script) fn fits_text_limit(value: &Dynamic) -> bool {
    let fits = value_size(value, 0) <= MAX_TEXT_BYTES;
    if !fits {
        memory::mark_exhausted();
    }
    fits
}

/// Bytes that `value` is written as, about; no more are counted than are needed to know that they are too many.
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

/// Raises that `size` bytes of text are too much at once.
///
/// # Errors
/// `too_large`: they are.
pub(in crate::script) fn check_byte_count(
    ctx: &NativeCallContext,
    size: usize,
) -> RhaiResultOf<()> {
    if size > MAX_TEXT_BYTES {
        return Err(too_large(ctx));
    }
    Ok(())
}

fn too_large(ctx: &NativeCallContext) -> Box<EvalAltResult> {
    let message = format!(
        "the value would be more than {} MiB of text",
        MAX_TEXT_BYTES / 1024 / 1024
    );
    let hint = "write its parts one by one";
    throw(ctx, Throw::new(ErrorCode::TooLarge, message).hint(hint))
}

fn show_if_small(size: usize, show: impl FnOnce() -> ImmutableString) -> ImmutableString {
    if size > MAX_TEXT_BYTES {
        memory::mark_exhausted();
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

/// Shows a value inside another one, as Rhai does.
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
    serde_json::to_string(&entries).map_err(|error| {
        let message = format!("the map is no JSON: {error}");
        throw(ctx, Throw::new(ErrorCode::WrongType, message))
    })
}
