//! The type of a value for completion: its keys or columns, and its items. Completion reads this data alone, so it
//! never calls a function of a script.

use rhai::{Array, Dynamic, Map};

use super::convert::type_name;
use super::result_shape::ResultShape;
use crate::table::Row;

/// The number of values inside a value that are inspected.
const MAX_NODES: usize = 2_000;
/// The number of items of an array that are inspected; later ones may have other keys.
const MAX_ITEMS: usize = 20;

/// The type of a value, and of what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompletionType {
    /// The name of the type in scripts.
    pub kind: String,
    /// The keys of a map or columns of a row, with their types.
    pub fields: Vec<(String, CompletionType)>,
    /// The type of the items of an array.
    pub item: Option<Box<CompletionType>>,
    /// What the value means, if the reference says so.
    pub doc: &'static str,
}

impl CompletionType {
    pub(in crate::script) fn of(value: &Dynamic) -> Self {
        inspect(value, &mut { MAX_NODES })
    }

    /// Creates a type without fields and items.
    pub fn named(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            ..Self::default()
        }
    }

    /// Creates the type of a result: a map with the keys of `shape`, or a list of such maps.
    pub fn result(kind: &str, shape: Option<&ResultShape>) -> Self {
        let Some(shape) = shape else {
            return Self::named(kind);
        };
        let item = Self {
            kind: shape.kind.to_owned(),
            fields: shape
                .keys
                .iter()
                .map(|key| {
                    let value = Self::result(key.kind, key.shape);
                    (
                        key.name.to_owned(),
                        Self {
                            doc: key.doc,
                            ..value
                        },
                    )
                })
                .collect(),
            item: None,
            doc: "",
        };
        if kind == item.kind {
            item
        } else {
            Self::list(kind, item)
        }
    }

    pub fn list(kind: &str, item: Self) -> Self {
        Self {
            item: Some(Box::new(item)),
            ..Self::named(kind)
        }
    }

    /// Returns the type of a key or column.
    pub fn field(&self, name: &str) -> Option<&Self> {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.map(|(_, kind)| kind)
    }

    /// Returns the type and the meaning of a value.
    pub fn description(&self) -> String {
        match self.doc {
            "" => self.kind.clone(),
            doc => format!("{}: {doc}", self.kind),
        }
    }

    /// Adds the fields that only `other` has.
    fn join(&mut self, other: Self) {
        for (name, kind) in other.fields {
            if self.field(&name).is_none() {
                self.fields.push((name, kind));
            }
        }
    }
}

fn inspect(value: &Dynamic, budget: &mut usize) -> CompletionType {
    let mut found = CompletionType::named(&type_name(value));
    *budget = budget.saturating_sub(1);
    if *budget == 0 {
        return found;
    }
    if let Some(row) = value.read_lock::<Row>() {
        let columns = row.header().columns().iter().map(String::as_str);
        let names = columns.chain(row.header().aliases());
        let text = || CompletionType::named("string");
        found.fields = names.map(|name| (name.to_owned(), text())).collect();
    } else if let Some(map) = value.read_lock::<Map>() {
        let fields = map.iter();
        found.fields = fields
            .map(|(key, value)| (key.to_string(), inspect(value, budget)))
            .collect();
    } else if let Some(items) = value.read_lock::<Array>() {
        let mut inspected = items
            .iter()
            .take(MAX_ITEMS)
            .map(|item| inspect(item, budget));
        found.item = inspected.next().map(|first| {
            let joined = inspected.fold(first, |mut joined, item| {
                joined.join(item);
                joined
            });
            Box::new(joined)
        });
    }
    found
}
