//! Lists made of the items of lists, and what all items have together.

use std::collections::HashSet;

use rhai::plugin::*;
use rhai::{Array, FLOAT, FnPtr, INT, ImmutableString};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::limits::bounded_builtins::check_element_count;
use crate::script::limits::text_size::check_byte_count;
use crate::script::rows::key::{Key, KeyOrClosure};
use crate::script::rows::row_list::{List, RowIter, is_list};
use crate::script::values::comparable::Comparable;
use crate::script::values::convert::type_name;

/// Returns the text that a template such as `${item}` has for `item`.
fn interpolated(ctx: &NativeCallContext, mut item: Dynamic) -> RhaiResultOf<ImmutableString> {
    match item.read_lock::<ImmutableString>() {
        Some(text) => return Ok(text.clone()),
        None if item.is_unit() => return Ok(ImmutableString::new()),
        None => {}
    }
    let text = ctx.call_native_fn_raw("to_string", true, &mut [&mut item])?;
    Ok(text.into_immutable_string().unwrap_or_default())
}

fn unique_by(
    ctx: &NativeCallContext,
    list: List,
    comparable: impl Fn(&Dynamic) -> RhaiResultOf<Comparable>,
) -> RhaiResultOf<Array> {
    let mut known = HashSet::new();
    let mut unique = Array::new();
    for item in RowIter::of(ctx, list)? {
        let item = item?;
        if known.insert(comparable(&item)?) {
            unique.push(item);
        }
    }
    Ok(unique)
}

/// A sum of numbers: an int as long as all of them are.
#[derive(Clone, Copy)]
enum Sum {
    Int(INT),
    Float(FLOAT),
}

impl Sum {
    /// Adds a number; `None` if the result is too large for an int.
    #[expect(clippy::cast_precision_loss, reason = "as Rhai adds an int to a float")]
    fn plus(self, number: Self) -> Option<Self> {
        Some(match (self, number) {
            (Self::Int(one), Self::Int(other)) => Self::Int(one.checked_add(other)?),
            (Self::Int(one), Self::Float(other)) | (Self::Float(other), Self::Int(one)) => {
                Self::Float(one as FLOAT + other)
            }
            (Self::Float(one), Self::Float(other)) => Self::Float(one + other),
        })
    }
}

fn sum_of(
    ctx: &NativeCallContext,
    numbers: impl Iterator<Item = RhaiResultOf<Dynamic>>,
) -> RhaiResultOf<Dynamic> {
    let mut sum = Sum::Int(0);
    for (at, value) in numbers.enumerate() {
        let value = value?;
        let number = match (value.as_int(), value.as_float()) {
            (Ok(int), _) => Sum::Int(int),
            (_, Ok(float)) => Sum::Float(float),
            _ => return Err(throw(ctx, not_a_number(at, &value))),
        };
        sum = sum.plus(number).ok_or_else(|| {
            let message = "the sum is too large for an int";
            throw(ctx, Throw::new(ErrorCode::BadNumber, message))
        })?;
    }
    Ok(match sum {
        Sum::Int(int) => int.into(),
        Sum::Float(float) => float.into(),
    })
}

fn not_a_number(at: usize, value: &Dynamic) -> Throw {
    let (number, kind) = (at + 1, type_name(value));
    let message = format!("the value of item {number} is not a number, but of type `{kind}`");
    let hint = match kind.as_str() {
        "string" => "convert it: `rows.sum(|row| parse_float(row.score))`",
        _ => "pass a closure that returns a number: `rows.sum(|row| row.get(\"score\") ?? 0)`",
    };
    Throw::new(ErrorCode::WrongType, message).hint(hint)
}

#[export_module]
pub mod functions {
    /// Joins the items as one text, with a separator between them.
    ///
    /// Each item is written as in a template: `()` is empty, a DateTime is in its zone. The reverse is `split`.
    ///
    /// # Errors
    /// - `too_large`: the text would be larger than 256 MiB
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// print(["Jane", "John"].join(", "));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn join(ctx: NativeCallContext, list: List, separator: &str) -> RhaiResultOf<String> {
        let mut text = String::new();
        for (at, item) in RowIter::of(&ctx, list)?.enumerate() {
            let item = interpolated(&ctx, item?)?;
            check_byte_count(&ctx, text.len() + separator.len() + item.len())?;
            if at > 0 {
                text.push_str(separator);
            }
            text.push_str(&item);
        }
        Ok(text)
    }

    /// Adds up numbers.
    ///
    /// The sum is an int if all of them are, and 0 if there are none. Text is not added: convert it first.
    ///
    /// # Errors
    /// - `wrong_type`: an item is not a number
    /// - `bad_number`: the sum is too large for an int
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// print([1, 2.5].sum());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn sum(ctx: NativeCallContext, list: List) -> RhaiResultOf<Dynamic> {
        sum_of(&ctx, RowIter::of(&ctx, list)?)
    }

    /// Adds up the numbers of a key, or those that a closure returns.
    ///
    /// # Errors
    /// - those of `sum(list)` and `group_by`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("scores.csv", [#{ name: "Jane", score: 80 }, #{ name: "John", score: 70 }]);
    /// let rows = read_csv("scores.csv");
    /// print(rows.sum(|row| parse_int(row.score)) / rows.len());
    /// ```
    #[rhai_fn(name = "sum", return_raw)]
    pub fn sum_by(ctx: NativeCallContext, list: List, key: KeyOrClosure) -> RhaiResultOf<Dynamic> {
        let key = Key::read(&ctx, key)?;
        sum_of(
            &ctx,
            RowIter::of(&ctx, list)?.map(|item| key.value(&ctx, &item?)),
        )
    }

    /// Returns the items without repetitions, in order of appearance.
    ///
    /// `dedup` only removes repetitions that follow each other, in place.
    ///
    /// # Errors
    /// - `wrong_type`: an item has a type that cannot be compared
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// print(["sales", "design", "sales"].unique());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn unique(ctx: NativeCallContext, list: List) -> RhaiResultOf<Array> {
        unique_by(&ctx, list, |item| Comparable::read(item).or_throw(&ctx))
    }

    /// Returns the first item of each value of a key or column.
    ///
    /// Instead of a name, pass a closure that returns the value of an item.
    ///
    /// # Errors
    /// - those of `group_by`
    ///
    /// # Example
    /// ```rhai
    /// let people = [#{ email: "jane@example.com" }, #{ email: "JANE@example.com" }];
    /// print(people.unique(|p| p.email.to_lower()).len());
    /// ```
    #[rhai_fn(name = "unique", return_raw)]
    pub fn unique_by_key(
        ctx: NativeCallContext,
        list: List,
        key: KeyOrClosure,
    ) -> RhaiResultOf<Array> {
        let key = Key::read(&ctx, key)?;
        unique_by(&ctx, list, |item| key.comparable(&ctx, item))
    }

    /// Returns the items of the lists in a list as one array.
    ///
    /// Only one level is removed: lists inside those lists stay. Items that are not lists stay, too.
    ///
    /// # Errors
    /// - `too_large`: the array would have more than 10 million items
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// print([[1, 2], [3], 4].flatten());
    /// print(["a b", "c"].map(|text| text.split()).flatten());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn flatten(ctx: NativeCallContext, list: List) -> RhaiResultOf<Array> {
        let mut items = Array::new();
        for item in RowIter::of(&ctx, list)? {
            let item = item?;
            if !is_list(&item) {
                items.push(item);
                continue;
            }
            if let Some(inner) = item.read_lock::<Array>() {
                check_element_count(&ctx, items.len().saturating_add(inner.len()))?;
            }
            for inner in RowIter::of(&ctx, item)? {
                items.push(inner?);
            }
        }
        Ok(items)
    }

    /// Splits a list into arrays of a size; the last one may be shorter.
    ///
    /// # Errors
    /// - `bad_number`: the size is less than 1
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// let people = ["jane@example.com", "john@example.com", "ann@example.com"];
    /// for batch in people.chunks(2) {
    ///     invite_all(batch);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn chunks(ctx: NativeCallContext, list: List, size: INT) -> RhaiResultOf<Array> {
        let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
            let message = format!("the size of a chunk is at least 1, not {size}");
            return Err(throw(&ctx, Throw::new(ErrorCode::BadNumber, message)));
        };
        let mut chunks = Array::new();
        let mut chunk = Array::new();
        for item in RowIter::of(&ctx, list)? {
            chunk.push(item?);
            if chunk.len() == size {
                chunks.push(std::mem::take(&mut chunk).into());
            }
        }
        if !chunk.is_empty() {
            chunks.push(chunk.into());
        }
        Ok(chunks)
    }

    /// Pairs the items of two lists: `[[a1, b1], [a2, b2], …]`.
    ///
    /// No item is lost: the lists must have the same length.
    ///
    /// # Errors
    /// - `bad_number`: the lists have different lengths
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// for pair in ["Jane", "John"].zip(["design", "sales"]) {
    ///     print(`${pair[0]} is in ${pair[1]}`);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn zip(ctx: NativeCallContext, list: List, other: List) -> RhaiResultOf<Array> {
        let (mut one, mut other) = (RowIter::of(&ctx, list)?, RowIter::of(&ctx, other)?);
        let mut pairs = Array::new();
        loop {
            match (one.next().transpose()?, other.next().transpose()?) {
                (Some(item), Some(other)) => pairs.push(vec![item, other].into()),
                (None, None) => return Ok(pairs),
                (first, _) => {
                    let (longer, length) = (first.map_or("second", |_| "first"), pairs.len());
                    let message = format!(
                        "the {longer} list has more than {length} items, the other has {length}"
                    );
                    let hint = "shorten it with `extract(0, length)`";
                    let uneven = Throw::new(ErrorCode::BadNumber, message).hint(hint);
                    return Err(throw(&ctx, uneven));
                }
            }
        }
    }

    /// Returns whether a closure returns `true` for any item.
    ///
    /// It stops at the first such item. For arrays, it is the same as `some`; `all` asks for every item.
    ///
    /// # Errors
    /// - `wrong_type`: the closure returns something else than `true` or `false`
    /// - what the closure throws
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// let sessions = list_sessions();
    /// if sessions.any(|s| s.status == "submitted") { print("there is something to score"); }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn any(ctx: NativeCallContext, list: List, condition: FnPtr) -> RhaiResultOf<bool> {
        for item in RowIter::of(&ctx, list)? {
            let met: Dynamic = condition.call_within_context(&ctx, (item?,))?;
            let is_met = met.as_bool().map_err(|_| {
                let kind = type_name(&met);
                let message = format!("the closure must return `true` or `false`, not `{kind}`");
                throw(&ctx, Throw::new(ErrorCode::WrongType, message))
            })?;
            if is_met {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
