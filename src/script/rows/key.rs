//! What rows are grouped, sorted or summed by.

use rhai::{Dynamic, FnPtr, ImmutableString, Map, NativeCallContext};

use super::column_getters::{optional_column, unknown_column};
use super::columns::not_a_row;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::values::comparable::Comparable;
use crate::script::values::convert::type_name;
use crate::table::Row;
use crate::text::did_you_mean;

/// A parameter that is the name of a key or column, or a closure; the reference shows it as that.
pub(in crate::script) type KeyOrClosure = Dynamic;

/// The name of a key or column, or a closure that returns a value for each item of a list.
pub(in crate::script) enum Key {
    Name(ImmutableString),
    Closure(FnPtr),
}

impl Key {
    /// Reads the argument of a function.
    ///
    /// # Errors
    /// `wrong_type`: it is neither a string nor a closure.
    pub(in crate::script) fn read(
        ctx: &NativeCallContext,
        value: KeyOrClosure,
    ) -> RhaiResultOf<Self> {
        if let Some(name) = value.read_lock::<ImmutableString>() {
            return Ok(Self::Name(name.clone()));
        }
        let kind = type_name(&value);
        value.try_cast().map(Self::Closure).ok_or_else(|| {
            let message = format!("a key is the name of a column or a closure, not `{kind}`");
            throw(ctx, Throw::new(ErrorCode::WrongType, message))
        })
    }

    /// Returns the value of `item`.
    ///
    /// # Errors
    /// `unknown_column`, `unknown_key`: the item does not have it. `wrong_type`: the item is not a row. What the closure
    /// throws.
    pub(in crate::script) fn value(
        &self,
        ctx: &NativeCallContext,
        item: &Dynamic,
    ) -> RhaiResultOf<Dynamic> {
        match self {
            Self::Name(name) => named_value(ctx, item, name),
            Self::Closure(closure) => closure.call_within_context(ctx, (item.clone(),)),
        }
    }

    /// Returns the value of `item` in a form that can be compared.
    ///
    /// # Errors
    /// Those of [`value`](Self::value). `wrong_type`: its type cannot be compared.
    pub(in crate::script) fn comparable(
        &self,
        ctx: &NativeCallContext,
        item: &Dynamic,
    ) -> RhaiResultOf<Comparable> {
        Comparable::read(&self.value(ctx, item)?).or_throw(ctx)
    }
}

fn named_value(ctx: &NativeCallContext, item: &Dynamic, name: &str) -> RhaiResultOf<Dynamic> {
    if let Some(row) = item.read_lock::<Row>() {
        return match optional_column(ctx, &row, name)? {
            Some(text) => Ok(text.into()),
            None => Err(throw(ctx, unknown_column(&row, name))),
        };
    }
    let Some(map) = item.read_lock::<Map>() else {
        return Err(throw(ctx, not_a_row(item)));
    };
    map.get(name).cloned().ok_or_else(|| {
        let keys: Vec<&str> = map.keys().map(|key| &**key).collect();
        let listed: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        let message = if listed.is_empty() {
            format!("a row has no key `{name}`; it is empty")
        } else {
            format!(
                "a row has no key `{name}`; its keys are {}",
                listed.join(", ")
            )
        };
        let absent =
            format!("for a key that may be absent, pass a closure: `|row| row.get(\"{name}\")`");
        let hint = match did_you_mean(name, keys.iter().copied()) {
            Some(likely) => format!("{likely} Or, {absent}"),
            None => absent,
        };
        throw(ctx, Throw::new(ErrorCode::UnknownKey, message).hint(hint))
    })
}
