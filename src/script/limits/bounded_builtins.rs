//! Replacements for functions of Rhai that create as many elements as an argument asks for.
//!
//! One such call could use up all memory before the engine gets to its next check between two operations.

#![allow(clippy::unnecessary_box_returns, reason = "Rhai expects boxed errors")]

use rhai::{
    Array, Blob, Dynamic, Engine, EvalAltResult, FnPtr, INT, ImmutableString, Map,
    NativeCallContext,
};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};

/// Maximum number of elements, characters or bytes that a single call may create.
const MAX_ELEMENTS: usize = 10_000_000;

/// Replaces functions of Rhai with bounded ones that otherwise do the same.
pub(in crate::script) fn register(engine: &mut Engine) {
    engine
        .register_fn("pad", pad_array)
        .register_fn(
            "pad",
            |ctx: NativeCallContext, blob: &mut Blob, length: INT, byte: INT| {
                checked_length(&ctx, length).map(|length| {
                    blob.resize(length.max(blob.len()), low_byte(byte));
                })
            },
        )
        .register_fn(
            "pad",
            |ctx: NativeCallContext, text: &mut ImmutableString, length: INT, fill: char| {
                pad_text(&ctx, text, length, fill.encode_utf8(&mut [0; 4]))
            },
        )
        .register_fn(
            "pad",
            |ctx: NativeCallContext, text: &mut ImmutableString, length: INT, fill: &str| {
                pad_text(&ctx, text, length, fill)
            },
        )
        .register_fn("replace", replace_text)
        .register_fn(
            "replace",
            |ctx: NativeCallContext, text: &mut ImmutableString, find: char, with: &str| {
                replace_text(ctx, text, find.encode_utf8(&mut [0; 4]), with)
            },
        )
        .register_fn("to_chars", |ctx: NativeCallContext, text: &str| {
            parts(&ctx, text.chars())
        })
        .register_fn("split", |ctx: NativeCallContext, text: &str| {
            let is_empty = text.is_empty().then_some("");
            parts(&ctx, is_empty.into_iter().chain(text.split_whitespace()))
        })
        .register_fn("split", |ctx: NativeCallContext, text: &str, at: &str| {
            parts(&ctx, text.splitn(split_limit(text, INT::MAX), at))
        })
        .register_fn("split", |ctx: NativeCallContext, text: &str, at: char| {
            parts(&ctx, text.split(at))
        })
        .register_fn(
            "split",
            |ctx: NativeCallContext, text: &str, at: &str, max: INT| {
                parts(&ctx, text.splitn(split_limit(text, max), at))
            },
        )
        .register_fn(
            "split",
            |ctx: NativeCallContext, text: &str, at: char, max: INT| {
                parts(&ctx, text.splitn(split_limit(text, max), at))
            },
        )
        .register_fn(
            "split_rev",
            |ctx: NativeCallContext, text: &str, at: &str| {
                parts(&ctx, text.rsplitn(split_limit(text, INT::MAX), at))
            },
        )
        .register_fn(
            "split_rev",
            |ctx: NativeCallContext, text: &str, at: char| parts(&ctx, text.rsplit(at)),
        )
        .register_fn(
            "split_rev",
            |ctx: NativeCallContext, text: &str, at: &str, max: INT| {
                parts(&ctx, text.rsplitn(split_limit(text, max), at))
            },
        )
        .register_fn(
            "split_rev",
            |ctx: NativeCallContext, text: &str, at: char, max: INT| {
                parts(&ctx, text.rsplitn(split_limit(text, max), at))
            },
        )
        .register_fn("blob", |ctx: NativeCallContext, length: INT| {
            checked_length(&ctx, length).map(|length| vec![0_u8; length])
        })
        .register_fn("blob", |ctx: NativeCallContext, length: INT, byte: INT| {
            checked_length(&ctx, length).map(|length| vec![low_byte(byte); length])
        });
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn pad_array(
    ctx: NativeCallContext,
    array: &mut Array,
    length: INT,
    item: Dynamic,
) -> RhaiResultOf<()> {
    let length = checked_length(&ctx, length)?.max(array.len());
    let added = length - array.len();
    if added.saturating_mul(deep_size(&item, MAX_ELEMENTS)) > MAX_ELEMENTS {
        return Err(too_large(&ctx, "the elements to add"));
    }
    array.resize(length, item);
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn replace_text(
    ctx: NativeCallContext,
    text: &mut ImmutableString,
    find: &str,
    with: &str,
) -> RhaiResultOf<()> {
    if with.len() > find.len() {
        let grown = text.matches(find).count().saturating_mul(with.len());
        if grown > MAX_ELEMENTS.max(text.len()) {
            return Err(too_large(&ctx, "the characters to insert"));
        }
    }
    *text = text.replace(find, with).into();
    Ok(())
}

/// Counts the elements and bytes that a copy of `value` takes. Stops at `max`.
fn deep_size(value: &Dynamic, max: usize) -> usize {
    let mut total: usize = 1;
    let mut add = |item: &Dynamic| {
        if total < max {
            total = total.saturating_add(deep_size(item, max - total));
        }
    };
    if let Some(items) = value.read_lock::<Array>() {
        items.iter().for_each(&mut add);
    } else if let Some(map) = value.read_lock::<Map>() {
        map.values().for_each(&mut add);
        total = total.saturating_add(map.keys().fold(0, |sum, key| sum + key.len()));
    } else if let Some(function) = value.read_lock::<FnPtr>() {
        function.iter_curry().for_each(&mut add);
    } else if let Some(bytes) = value.read_lock::<Blob>() {
        total = total.saturating_add(bytes.len());
    }
    total
}

fn pad_text(
    ctx: &NativeCallContext,
    text: &mut ImmutableString,
    length: INT,
    fill: &str,
) -> RhaiResultOf<()> {
    let missing = checked_length(ctx, length)?.saturating_sub(text.chars().count());
    let padding: String = fill.chars().cycle().take(missing).collect();
    *text += padding;
    Ok(())
}

fn checked_length(ctx: &NativeCallContext, length: INT) -> RhaiResultOf<usize> {
    let elements = usize::try_from(length.max(0)).unwrap_or(usize::MAX);
    check_element_count(ctx, elements).map(|()| elements)
}

/// Checks that a call may create this many elements.
pub(in crate::script) fn check_element_count(
    ctx: &NativeCallContext,
    elements: usize,
) -> RhaiResultOf<()> {
    if elements > MAX_ELEMENTS {
        return Err(too_large(ctx, &format!("{elements} elements")));
    }
    Ok(())
}

fn too_large(ctx: &NativeCallContext, what: &str) -> Box<EvalAltResult> {
    let message = format!("{what} are too many for one call (at most {MAX_ELEMENTS})");
    throw(ctx, Throw::new(ErrorCode::TooLarge, message))
}

/// Collects the parts of a text. Each part takes far more memory than its characters.
fn parts<T: Into<Dynamic>>(
    ctx: &NativeCallContext,
    parts: impl Iterator<Item = T>,
) -> RhaiResultOf<Array> {
    let mut array = Array::new();
    for part in parts {
        if array.len() == MAX_ELEMENTS {
            return Err(too_large(ctx, "the parts of the text"));
        }
        array.push(part.into());
    }
    Ok(array)
}

/// Returns the number of parts to split a text into: at least one, and exactly one for an empty text.
fn split_limit(text: &str, max: INT) -> usize {
    if text.is_empty() {
        return 1;
    }
    usize::try_from(max).unwrap_or(1).max(1)
}

fn low_byte(number: INT) -> u8 {
    number.to_le_bytes()[0]
}
