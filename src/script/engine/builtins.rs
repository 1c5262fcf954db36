//! Replacements for functions of Rhai that need the host, so that they end when the script must end: reading JSON, and sorting with a
//! comparison of the script. Rhai's sorting also ignores errors of the comparison, and prints the text of a panic if the comparison
//! contradicts itself.

use std::cmp::Ordering;

use rhai::{Array, Dynamic, Engine, FnPtr, NativeCallContext};

use crate::error_code::ErrorCode;
use crate::quiet_panic;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::values::json::{JsonError, read_json};

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("parse_json", parse_json);
    for name in ["sort", "sort_by"] {
        engine.register_fn(name, sort);
    }
    for name in ["order", "order_by"] {
        engine.register_fn(name, order);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn parse_json(ctx: NativeCallContext, json: &str) -> RhaiResultOf<Dynamic> {
    let checkpoint = Host::of(&ctx)?.checkpoint();
    read_json(json.as_bytes(), &checkpoint).map_err(|error| match error {
        JsonError::Ended(ended) => ended.into(),
        // As Rhai's own.
        JsonError::Invalid(error) => error.to_string().into(),
        JsonError::TooLarge { line } => {
            let message = format!(
                "the text is too large: {}",
                JsonError::too_many_values(line)
            );
            throw(&ctx, Throw::new(ErrorCode::TooLarge, message))
        }
    })
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn sort(ctx: NativeCallContext, array: &mut Array, comparer: FnPtr) -> RhaiResultOf<()> {
    sort_array(&ctx, array, &comparer)
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn order(ctx: NativeCallContext, array: &mut Array, comparer: FnPtr) -> RhaiResultOf<Array> {
    let mut sorted = array.clone();
    sort_array(&ctx, &mut sorted, &comparer)?;
    Ok(sorted)
}

fn sort_array(ctx: &NativeCallContext, array: &mut Array, comparer: &FnPtr) -> RhaiResultOf<()> {
    let mut failed = None;
    let sorted = quiet_panic::catch(|| {
        array.sort_by(|one, other| {
            if failed.is_some() {
                return Ordering::Equal;
            }
            compare(ctx, comparer, one, other).unwrap_or_else(|error| {
                failed = Some(error);
                Ordering::Equal
            })
        });
    });
    if let Some(error) = failed {
        return Err(error);
    }
    sorted.ok_or_else(|| {
        let message = "the comparison contradicts itself: the items cannot be sorted";
        let hint = "for any two items, it must always say the same: `a < b`, or a number below, equal to or above 0";
        throw(ctx, Throw::new(ErrorCode::Script, message).hint(hint))
    })
}

/// As Rhai does: `true` or a number below 0 means that `one` comes first.
fn compare(
    ctx: &NativeCallContext,
    comparer: &FnPtr,
    one: &Dynamic,
    other: &Dynamic,
) -> RhaiResultOf<Ordering> {
    let result = comparer.call_raw(ctx, None, [one.clone(), other.clone()])?;
    let number = result.as_int();
    let number = number.or_else(|_| {
        result
            .as_bool()
            .map(|is_first| if is_first { -1 } else { 1 })
    });
    Ok(number.map_or_else(
        |_| one.type_id().cmp(&other.type_id()),
        |number| number.cmp(&0),
    ))
}
