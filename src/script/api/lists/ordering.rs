//! Items in order: sorted, smallest and largest.

use std::cmp::Ordering;

use rhai::Array;
use rhai::plugin::*;

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::rows::key::{Key, KeyOrClosure};
use crate::script::rows::row_list::{List, RowIter};
use crate::script::values::comparable::Comparable;

/// Sorts items by what `comparable` returns for them. Equal items stay in order.
fn sort(
    ctx: &NativeCallContext,
    list: List,
    comparable: impl Fn(&Dynamic) -> RhaiResultOf<Comparable>,
) -> RhaiResultOf<Array> {
    let items = RowIter::of(ctx, list)?.map(|item| {
        let item = item?;
        Ok((comparable(&item)?, item))
    });
    let mut items: Vec<(Comparable, Dynamic)> = items.collect::<RhaiResultOf<_>>()?;
    items.sort_by(|(one, _), (other, _)| one.cmp(other));
    // Types that may not be mixed are next to each other.
    for pair in items.windows(2) {
        ensure_same_type(ctx, &pair[0].0, &pair[1].0)?;
    }
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

fn ensure_same_type(
    ctx: &NativeCallContext,
    one: &Comparable,
    other: &Comparable,
) -> RhaiResultOf<()> {
    let Some((one, other)) = one.mixed_types(other) else {
        return Ok(());
    };
    let message = format!("a `{one}` cannot be compared with a `{other}`");
    let hint =
        "pass a closure that returns values of one type, such as `|row| parse_float(row.score)`";
    Err(throw(
        ctx,
        Throw::new(ErrorCode::WrongType, message).hint(hint),
    ))
}

/// Returns the first of the items whose values compare as `wanted` to all others. Absent values are left out.
fn first(
    ctx: &NativeCallContext,
    list: List,
    key: KeyOrClosure,
    wanted: Ordering,
) -> RhaiResultOf<Dynamic> {
    let key = Key::read(ctx, key)?;
    let mut best: Option<(Comparable, Dynamic)> = None;
    for item in RowIter::of(ctx, list)? {
        let item = item?;
        let value = key.comparable(ctx, &item)?;
        if value == Comparable::Nothing {
            continue;
        }
        if let Some((best, _)) = &best {
            ensure_same_type(ctx, best, &value)?;
            if value.cmp(best) != wanted {
                continue;
            }
        }
        best = Some((value, item));
    }
    Ok(best.map_or(Dynamic::UNIT, |(_, item)| item))
}

#[export_module]
pub mod functions {
    /// Returns the items as an array in ascending order.
    ///
    /// Strings are ordered by their characters, so that upper case comes before lower case. `()` comes last. For
    /// descending order, add `.reversed()`. `sort` changes an array in place.
    ///
    /// # Errors
    /// - `wrong_type`: two items have different types, or a type that cannot be compared
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// print(["b", "c", "a"].sorted());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn sorted(ctx: NativeCallContext, list: List) -> RhaiResultOf<Array> {
        sort(&ctx, list, |item| Comparable::read(item).or_throw(&ctx))
    }

    /// Returns the items as an array in ascending order of a key or column.
    ///
    /// Instead of a name, pass a closure that returns the value of an item; an array of values compares the first,
    /// then the second, and so on. Items with equal values stay in order. For a comparison of two items, use
    /// `array.order(|a, b| …)`.
    ///
    /// # Errors
    /// - those of `sorted(list)` and `group_by`
    ///
    /// # Example
    /// ```rhai
    /// print_table(list_sessions().sorted("due_date"), ["candidate_name", "due_date"]);
    /// print_table(list_sessions().sorted(|s| [s.status, s.candidate_name.to_lower()]));
    /// ```
    #[rhai_fn(name = "sorted", return_raw)]
    pub fn sorted_by(ctx: NativeCallContext, list: List, key: KeyOrClosure) -> RhaiResultOf<Array> {
        let key = Key::read(&ctx, key)?;
        sort(&ctx, list, |item| key.comparable(&ctx, item))
    }

    /// Returns the items as an array in reverse order.
    ///
    /// `reverse` changes an array in place.
    ///
    /// # Errors
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// print([1, 3, 2].sorted().reversed());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn reversed(ctx: NativeCallContext, list: List) -> RhaiResultOf<Array> {
        let mut items = RowIter::of(&ctx, list)?.collect::<RhaiResultOf<Array>>()?;
        items.reverse();
        Ok(items)
    }

    /// Returns the item with the smallest value of a key or column, or `()`.
    ///
    /// Instead of a name, pass a closure that returns the value of an item. The first of several such items is
    /// returned, and `()` if there is none. Items whose value is `()` are ignored.
    ///
    /// # Errors
    /// - those of `sorted(list, key)`
    ///
    /// # Example
    /// ```rhai
    /// let people = [#{ name: "Jane", score: 80 }, #{ name: "John", score: 70 }];
    /// print(people.min_by("score").name);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn min_by(ctx: NativeCallContext, list: List, key: KeyOrClosure) -> RhaiResultOf<Dynamic> {
        first(&ctx, list, key, Ordering::Less)
    }

    /// Returns the item with the largest value of a key or column, or `()`.
    ///
    /// # Errors
    /// - those of `min_by`
    ///
    /// # Example
    /// ```rhai
    /// let last = list_sessions().max_by("created_at");
    /// if last != () { print(last.candidate_name); }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn max_by(ctx: NativeCallContext, list: List, key: KeyOrClosure) -> RhaiResultOf<Dynamic> {
        first(&ctx, list, key, Ordering::Greater)
    }
}
