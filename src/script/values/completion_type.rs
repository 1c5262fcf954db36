//! What can be reached from a value, as data: its type, the keys and columns it has, the items in it. Completion works with
//! that alone, so that it never calls a function of a script.

use rhai::{Array, Dynamic, Map};

use super::convert::type_name;
use crate::table::Row;

/// How many nodes of one value are looked at.
const MAX_NODES: usize = 2_000;
/// How many maps of an array are looked at: later ones may have other keys.
const MAX_ITEMS: usize = 20;

/// What can be reached from a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompletionType {
    /// The name scripts know its type by.
    pub kind: String,
    /// Keys of a map or columns of a row, with what they lead to.
    pub fields: Vec<(String, CompletionType)>,
    /// What an array holds.
    pub item: Option<Box<CompletionType>>,
}

impl CompletionType {
    /// Looks at `value`.
    pub(in crate::script) fn of(value: &Dynamic) -> Self {
        inspect(value, &mut { MAX_NODES })
    }

    /// A value of which the type is known, and no more.
    #[must_use]
    pub fn named(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            ..Self::default()
        }
    }

    /// Returns what the key or column `name` leads to.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, shape)| shape)
    }

    /// Adds the fields that only `other` has.
    fn join(&mut self, other: Self) {
        for (name, shape) in other.fields {
            if self.field(&name).is_none() {
                self.fields.push((name, shape));
            }
        }
    }
}

fn inspect(value: &Dynamic, budget: &mut usize) -> CompletionType {
    let mut shape = CompletionType::named(&type_name(value));
    *budget = budget.saturating_sub(1);
    if *budget == 0 {
        return shape;
    }
    if let Some(row) = value.read_lock::<Row>() {
        let columns = row.header().columns().iter().map(String::as_str);
        let names = columns.chain(row.header().aliases());
        let text = || CompletionType::named("string");
        shape.fields = names.map(|name| (name.to_owned(), text())).collect();
    } else if let Some(map) = value.read_lock::<Map>() {
        let fields = map.iter();
        shape.fields = fields
            .map(|(key, value)| (key.to_string(), inspect(value, budget)))
            .collect();
    } else if let Some(items) = value.read_lock::<Array>() {
        let mut looked_at = items
            .iter()
            .take(MAX_ITEMS)
            .map(|item| inspect(item, budget));
        shape.item = looked_at.next().map(|first| {
            let joined = looked_at.fold(first, |mut joined, item| {
                joined.join(item);
                joined
            });
            Box::new(joined)
        });
    }
    shape
}
