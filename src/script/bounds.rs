//! Bounds on the functions of Rhai that make as many elements as a number says: one call could use up all memory,
//! before the engine can ask between two operations.

use rhai::{Array, Blob, Dynamic, Engine, INT, ImmutableString, NativeCallContext};

use super::throw::{RhaiResultOf, Throw, throw};

/// Largest number of elements, characters or bytes that a single call may make.
const AT_ONCE: INT = 10_000_000;

/// Replaces `pad` and `blob` by bounded ones.
pub(super) fn register(engine: &mut Engine) {
    engine
        .register_fn("pad", pad_array)
        .register_fn("pad", pad_blob)
        .register_fn("pad", pad_with_character)
        .register_fn("pad", pad_with_text)
        .register_fn("blob", |ctx: NativeCallContext, length: INT| {
            bounded(&ctx, length).map(|length| vec![0_u8; length])
        })
        .register_fn("blob", |ctx: NativeCallContext, length: INT, byte: INT| {
            bounded(&ctx, length).map(|length| vec![low_byte(byte); length])
        });
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn pad_array(
    ctx: NativeCallContext,
    array: &mut Array,
    length: INT,
    item: Dynamic,
) -> RhaiResultOf<()> {
    let length = bounded(&ctx, length)?.max(array.len());
    array.resize(length, item);
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn pad_blob(ctx: NativeCallContext, blob: &mut Blob, length: INT, byte: INT) -> RhaiResultOf<()> {
    let length = bounded(&ctx, length)?.max(blob.len());
    blob.resize(length, low_byte(byte));
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn pad_with_character(
    ctx: NativeCallContext,
    text: &mut ImmutableString,
    length: INT,
    fill: char,
) -> RhaiResultOf<()> {
    pad_text(&ctx, text, length, fill.encode_utf8(&mut [0; 4]))
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn pad_with_text(
    ctx: NativeCallContext,
    text: &mut ImmutableString,
    length: INT,
    fill: &str,
) -> RhaiResultOf<()> {
    pad_text(&ctx, text, length, fill)
}

fn pad_text(
    ctx: &NativeCallContext,
    text: &mut ImmutableString,
    length: INT,
    fill: &str,
) -> RhaiResultOf<()> {
    let missing = bounded(ctx, length)?.saturating_sub(text.chars().count());
    let padding: String = fill.chars().cycle().take(missing).collect();
    *text += padding;
    Ok(())
}

fn bounded(ctx: &NativeCallContext, length: INT) -> RhaiResultOf<usize> {
    if length > AT_ONCE {
        let message = format!("{length} elements are too many for one call (at most {AT_ONCE})");
        return Err(throw(ctx, Throw::new("too_large", message)));
    }
    Ok(usize::try_from(length).unwrap_or(0))
}

fn low_byte(number: INT) -> u8 {
    number.to_le_bytes()[0]
}
