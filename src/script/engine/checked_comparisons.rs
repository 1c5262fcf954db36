//! Comparisons of values whose types are not known before a run.
//!
//! Rhai decides about `==` and `<` of different types itself, without asking: they are never equal, and never ordered. So the
//! parser replaces the operators of such comparisons with others, which raise an error for types that never compare.

use rhai::{Dynamic, Engine, INT, NativeCallContext};

use crate::script::error::throw::{RhaiResultOf, throw};
use crate::script::limits::name_lookups::CHECKED_OPERATORS;
use crate::script::values::comparison::{compares, mismatch};
use crate::script::values::convert::type_name;

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
    let (left_type, right_type) = (type_name(&left), type_name(&right));
    if !compares(operator, &left_type, &right_type) {
        let thrown = mismatch(operator, &left_type, &right_type, [None, None]);
        return Err(throw(ctx, thrown));
    }
    ctx.call_native_fn_raw(operator, false, &mut [&mut left, &mut right])
        .map_err(|mut error| {
            error.set_position(ctx.call_position());
            error
        })
}
