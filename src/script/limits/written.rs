//! How much text a value is written as. Texts in an array are shared, and cost their length only when they are written: a
//! list of a million references to one long text would need more memory than any machine has.

#![allow(clippy::unnecessary_box_returns, reason = "Rhai takes errors in boxes")]

use rhai::{Array, Blob, Dynamic, Engine, EvalAltResult, ImmutableString, Map, NativeCallContext};

use super::memory;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};

/// Most bytes of text that one value may be written as.
const MOST: usize = 256 * 1024 * 1024;
/// What a value takes that is no text.
const PLAIN: usize = 8;
/// Depth from which on nothing is looked at: what is nested deeper is refused by whoever writes it.
const DEPTH: usize = 1_000;

/// Replaces the functions of Rhai that write lists and maps as text by bounded ones of the same meaning.
pub(in crate::script) fn register(engine: &mut Engine) {
    engine
        .register_fn("print", |ctx: NativeCallContext, array: &mut Array| {
            refuse_longer(&ctx, of_array(array)).map(|()| show_array(&ctx, array))
        })
        .register_fn("debug", |ctx: NativeCallContext, array: &mut Array| {
            refuse_longer(&ctx, of_array(array)).map(|()| show_array(&ctx, array))
        })
        .register_fn("print", |ctx: NativeCallContext, map: &mut Map| {
            refuse_longer(&ctx, of_map(map)).map(|()| show_map(&ctx, map))
        })
        .register_fn("debug", |ctx: NativeCallContext, map: &mut Map| {
            refuse_longer(&ctx, of_map(map)).map(|()| show_map(&ctx, map))
        })
        .register_fn("to_json", |ctx: NativeCallContext, map: &mut Map| {
            refuse_longer(&ctx, of_map(map)).and_then(|()| json(&ctx, map))
        });
    for name in ["to_string", "to_debug"] {
        // Rhai itself calls these, for what stands in a text, and takes an error for "show it in another way".
        engine
            .register_fn(name, |ctx: NativeCallContext, array: &mut Array| {
                noted(of_array(array), || show_array(&ctx, array))
            })
            .register_fn(name, |ctx: NativeCallContext, map: &mut Map| {
                noted(of_map(map), || show_map(&ctx, map))
            });
    }
}

/// Raises that `value` would be written as too much text.
///
/// # Errors
/// `too_large`: it would.
pub(in crate::script) fn refuse_giant(
    ctx: &NativeCallContext,
    value: &Dynamic,
) -> RhaiResultOf<()> {
    refuse_longer(ctx, of(value, 0))
}

/// Tells whether `value` can be written as text; if not, the script ends at its next step.
pub(in crate::script) fn can_be_written(value: &Dynamic) -> bool {
    let fits = of(value, 0) <= MOST;
    if !fits {
        memory::refuse();
    }
    fits
}

/// Bytes that `value` is written as, about; no more are counted than are needed to know that they are too many.
fn of(value: &Dynamic, depth: usize) -> usize {
    if depth > DEPTH {
        return PLAIN;
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return text.len() + PLAIN;
    }
    if let Some(items) = value.read_lock::<Array>() {
        return sum(items.iter().map(|item| of(item, depth + 1)));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return sum(map
            .iter()
            .map(|(key, item)| key.len() + of(item, depth + 1)));
    }
    value
        .read_lock::<Blob>()
        .map_or(PLAIN, |bytes| 4 * bytes.len())
}

fn of_array(array: &Array) -> usize {
    sum(array.iter().map(|item| of(item, 1)))
}

fn of_map(map: &Map) -> usize {
    sum(map.iter().map(|(key, item)| key.len() + of(item, 1)))
}

fn sum(sizes: impl Iterator<Item = usize>) -> usize {
    let mut total = PLAIN;
    for size in sizes {
        total = total.saturating_add(size);
        if total > MOST {
            break;
        }
    }
    total
}

/// Raises that `size` bytes of text are too much at once.
///
/// # Errors
/// `too_large`: they are.
pub(in crate::script) fn refuse_longer(ctx: &NativeCallContext, size: usize) -> RhaiResultOf<()> {
    if size > MOST {
        return Err(too_large(ctx));
    }
    Ok(())
}

fn too_large(ctx: &NativeCallContext) -> Box<EvalAltResult> {
    let message = format!(
        "the value would be more than {} MiB of text",
        MOST / 1024 / 1024
    );
    let hint = "write its parts one by one";
    throw(ctx, Throw::new("too_large", message).hint(hint))
}

fn noted(size: usize, show: impl FnOnce() -> ImmutableString) -> ImmutableString {
    if size > MOST {
        memory::refuse();
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
        throw(ctx, Throw::new("wrong_type", message))
    })
}
