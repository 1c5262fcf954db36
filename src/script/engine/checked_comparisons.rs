//! Comparisons of values whose types are not known before a run.
//!
//! Rhai decides about `==` and `<` of different types itself, without asking: they are never equal, and never ordered. So the
//! parser replaces the operators of such comparisons with others, which raise an error for types that never compare.

use rhai::{Array, Dynamic, Engine, INT, ImmutableString, NativeCallContext};

use crate::script::error::throw::{RhaiResultOf, throw};
use crate::script::limits::name_lookups::CHECKED_OPERATORS;
use crate::script::values::comparison::{compares, mismatch};
use crate::script::values::convert::plain_type_name;

/// Registers an operator for the types that are compared most, which then need no look at their names.
macro_rules! register_for {
    ($engine:ident, $checked:ident, $operator:ident, $($kind:ty),+) => {
        match $operator {
            "==" => { $($engine.register_fn($checked, |a: $kind, b: $kind| a == b);)+ }
            "!=" => { $($engine.register_fn($checked, |a: $kind, b: $kind| a != b);)+ }
            "<" => { $($engine.register_fn($checked, |a: $kind, b: $kind| a < b);)+ }
            "<=" => { $($engine.register_fn($checked, |a: $kind, b: $kind| a <= b);)+ }
            ">" => { $($engine.register_fn($checked, |a: $kind, b: $kind| a > b);)+ }
            _ => { $($engine.register_fn($checked, |a: $kind, b: $kind| a >= b);)+ }
        }
    };
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("contains", contains);
    for (operator, checked, precedence) in CHECKED_OPERATORS {
        // This cannot fail: no operator of Rhai has these names.
        let _ = engine.register_custom_operator(checked, precedence);
        register_for!(engine, checked, operator, &str, INT);
        engine.register_fn(
            checked,
            move |ctx: NativeCallContext, left: Dynamic, right: Dynamic| {
                compare(&ctx, operator, left, right)
            },
        );
    }
}

fn compare(
    ctx: &NativeCallContext,
    operator: &str,
    mut left: Dynamic,
    mut right: Dynamic,
) -> RhaiResultOf<Dynamic> {
    let kinds = [left.type_name(), right.type_name()].map(plain_type_name);
    if !compares(operator, kinds[0], kinds[1]) {
        let thrown = mismatch(operator, kinds[0], kinds[1], [None, None]);
        return Err(throw(ctx, thrown));
    }
    ctx.call_native_fn_raw(operator, false, &mut [&mut left, &mut right])
        .map_err(|mut error| {
            error.set_position(ctx.call_position());
            error
        })
}

/// `item in list`. Whether no item could ever be equal, only a run can show.
#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn contains(ctx: NativeCallContext, list: &mut Array, item: Dynamic) -> RhaiResultOf<bool> {
    let kind = plain_type_name(item.type_name());
    let mut is_comparable = item.is_unit();
    let mut other_kind = None;
    for each in list.iter() {
        let each_kind = plain_type_name(each.type_name());
        if !compares("==", each_kind, kind) {
            other_kind = other_kind.or(Some(each_kind).filter(|_| !each.is_unit()));
            continue;
        }
        is_comparable = true;
        if is_equal(&ctx, each, &item)? {
            return Ok(true);
        }
    }
    match other_kind {
        Some(other) if !is_comparable => {
            Err(throw(&ctx, mismatch("in", kind, other, [None, None])))
        }
        _ => Ok(false),
    }
}

fn is_equal(ctx: &NativeCallContext, one: &Dynamic, other: &Dynamic) -> RhaiResultOf<bool> {
    if let (Some(one), Some(other)) = (
        one.read_lock::<ImmutableString>(),
        other.read_lock::<ImmutableString>(),
    ) {
        return Ok(*one == *other);
    }
    let equal = compare(ctx, "==", one.clone(), other.clone())?;
    Ok(equal.as_bool().unwrap_or(false))
}
