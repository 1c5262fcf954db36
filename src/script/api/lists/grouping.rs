//! Groups of items with the same value.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::rows::columns::count_values;
use crate::script::rows::key::{Key, KeyOrClosure};
use crate::script::rows::row_list::{List, RowIter};
use crate::script::values::comparable::Comparable;
use crate::script::values::convert::to_cell;
use crate::script::values::result_shape::{ResultKey, ResultShape};

/// What `group_by` returns for each value.
pub(in crate::script) const GROUP: ResultShape = ResultShape::closed(
    "a group",
    &[
        ResultKey::new("key", "value", "the value that the items have in common"),
        ResultKey::new("rows", "array", "the items, in their order"),
    ],
);

#[export_module]
pub mod functions {
    /// Groups items by a key or column, in order of appearance.
    ///
    /// The result is an array of maps `#{ key, rows }`: a value, and the items that have it. Unlike the keys of a map,
    /// the values keep their type and the order in which they first appear. Instead of a name, pass a closure that
    /// returns the value of an item.
    ///
    /// # Errors
    /// - `unknown_column`, `unknown_key`: a row does not have the column or key; the message lists those it has
    /// - `wrong_type`: an item is not a row, or the value is one that cannot be compared, such as a closure
    /// - what the closure throws
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// let people = [#{ name: "Jane", team: "sales" }, #{ name: "John", team: "design" }, #{ name: "Ann", team: "sales" }];
    /// for group in people.group_by("team") {
    ///     print(`${group.key}: ${group.rows.map(|p| p.name).join(", ")}`);
    /// }
    /// assert_eq(people.group_by(|p| p.name.len())[0].key, 4);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn group_by(ctx: NativeCallContext, list: List, key: KeyOrClosure) -> RhaiResultOf<Array> {
        let key = Key::read(&ctx, key)?;
        let mut positions = HashMap::new();
        let mut groups: Vec<(Dynamic, Array)> = Vec::new();
        for item in RowIter::of(&ctx, list)? {
            let item = item?;
            let value = key.value(&ctx, &item)?;
            let comparable = Comparable::read(&value).or_throw(&ctx)?;
            match positions.entry(comparable) {
                Entry::Occupied(found) => {
                    let at: usize = *found.get();
                    groups[at].1.push(item);
                }
                Entry::Vacant(free) => {
                    free.insert(groups.len());
                    groups.push((value, vec![item]));
                }
            }
        }
        let group = |(key, rows): (Dynamic, Array)| {
            Map::from([("key".into(), key), ("rows".into(), rows.into())]).into()
        };
        Ok(groups.into_iter().map(group).collect())
    }

    /// Returns a map from the value of a key or column to the item that has it.
    ///
    /// Instead of a name, pass a closure that returns the value of an item. Values are converted to text, as keys of a
    /// map are. No item is lost: two items with the same value are an error.
    ///
    /// # Errors
    /// - `duplicate_key`: two items have the same value; `group_by` allows that
    /// - those of `group_by`
    ///
    /// # Example
    /// ```rhai
    /// let by_email = list_sessions().index_by("candidate_email");
    /// let session = by_email.get("jane.smith@example.com");
    /// print(if session == () { "not invited" } else { session.status });
    /// ```
    #[rhai_fn(return_raw)]
    pub fn index_by(ctx: NativeCallContext, list: List, key: KeyOrClosure) -> RhaiResultOf<Map> {
        let key = Key::read(&ctx, key)?;
        let mut index = Map::new();
        for item in RowIter::of(&ctx, list)? {
            let item = item?;
            let value = to_cell(&key.value(&ctx, &item)?);
            if index.contains_key(value.as_str()) {
                let message = format!("two items have the value `{value}`");
                let hint = "if several items may have the same value, use `group_by`";
                let duplicate = Throw::new(ErrorCode::DuplicateKey, message).hint(hint);
                return Err(throw(&ctx, duplicate));
            }
            index.insert(value.into(), item);
        }
        Ok(index)
    }

    /// Counts items by the value of a key or column, as a map from value to count.
    ///
    /// Instead of a name, pass a closure that returns the value of an item. `print_table` prints the map.
    ///
    /// # Errors
    /// - those of `group_by`
    ///
    /// # Example
    /// ```rhai
    /// print_table(list_sessions().count_by("status"));
    /// print(list_sessions().count_by(|s| s.candidate_email.split("@")[1]));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn count_by(ctx: NativeCallContext, list: List, key: KeyOrClosure) -> RhaiResultOf<Map> {
        let key = Key::read(&ctx, key)?;
        count_values(RowIter::of(&ctx, list)?.map(|item| key.value(&ctx, &item?)))
    }
}
