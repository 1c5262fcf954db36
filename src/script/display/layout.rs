//! Values as a person reads them, as data: a table, a list, keys with their values, or text. Who draws them knows the width.

use rhai::{Array, Dynamic, FnPtr, ImmutableString, Map};

use super::literal::{function_words, literal};
use crate::interrupt::Interrupt;
use crate::moment::DateTime;
use crate::script::error::throw::Throw;
use crate::script::rows::columns::{columns, shown_cells};
use crate::script::rows::lazy_list::Pass;
use crate::script::rows::results::Results;
use crate::script::rows::row_list::preview;
use crate::script::values::value::{to_shown, type_name};
use crate::table::Row;

/// Characters of a value on one line; more are cut off.
const ONE_LINE: usize = 200;

/// A value as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A text of the script.
    Text(String),
    /// Anything else that is written in words.
    Words(String),
    /// Items of an array, each on one line.
    List {
        /// The first ones.
        items: Vec<String>,
        /// How many come after them; `None`: some.
        more: Option<usize>,
    },
    /// Rows under their columns.
    Table {
        /// The columns.
        columns: Vec<String>,
        /// The first rows, a text for each column.
        rows: Vec<Vec<String>>,
        /// How many come after them; `None`: some.
        more: Option<usize>,
    },
    /// Keys or columns, with their values.
    Pairs(Vec<(String, String)>),
}

/// Shows `value`; of a list, the first `most` entries.
pub(in crate::script) fn show(
    value: &Dynamic,
    most: usize,
    interrupt: &Interrupt,
) -> Result<Shown, Throw> {
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return Ok(Shown::Text(text.to_string()));
    }
    if let Some(items) = value.read_lock::<Array>() {
        return show_array(&items, most);
    }
    if let Some(map) = value.read_lock::<Map>().filter(|map| !map.is_empty()) {
        let pairs = map
            .iter()
            .map(|(key, value)| (key.to_string(), cell(value)));
        return Ok(Shown::Pairs(pairs.collect()));
    }
    if let Some(row) = value.read_lock::<Row>() {
        let pairs = row.iter();
        let pairs = pairs.map(|(column, cell)| (column.to_owned(), cell.to_owned()));
        return Ok(Shown::Pairs(pairs.collect()));
    }
    match preview(value) {
        Some(pass) => show_lazy(value, pass?, most, interrupt),
        None => Ok(Shown::Words(one_line(value))),
    }
}

fn show_array(items: &[Dynamic], most: usize) -> Result<Shown, Throw> {
    let first = &items[..items.len().min(most)];
    let more = Some(items.len() - first.len());
    let is_row = |item: &Dynamic| item.is_map() || item.is::<Row>();
    if first.is_empty() || !first.iter().all(is_row) {
        let items = first.iter().map(one_line).collect();
        return Ok(Shown::List { items, more });
    }
    let columns = columns(first)?;
    let rows: Result<Vec<_>, Throw> = first.iter().map(|row| shown_cells(row, &columns)).collect();
    Ok(Shown::Table {
        columns,
        rows: rows?,
        more,
    })
}

fn show_lazy(
    list: &Dynamic,
    mut pass: Pass,
    most: usize,
    interrupt: &Interrupt,
) -> Result<Shown, Throw> {
    let mut rows = Vec::new();
    while rows.len() < most && !interrupt.is_set() {
        let Some(row) = pass.rows.next() else {
            break;
        };
        rows.push(shown_cells(&row?, &pass.columns)?);
    }
    let length = list.read_lock::<Results>().map(|results| results.len());
    let more = match length {
        Some(length) => {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            Some(length.saturating_sub(rows.len()))
        }
        None if pass.rows.next().is_some() => None,
        None => Some(0),
    };
    Ok(Shown::Table {
        columns: pass.columns,
        rows,
        more,
    })
}

/// The text of a value beside its key: a text as it is.
fn cell(value: &Dynamic) -> String {
    if value.is_string() || value.is::<DateTime>() {
        return to_shown(value);
    }
    one_line(value)
}

/// Writes a value on one line.
pub(in crate::script) fn one_line(value: &Dynamic) -> String {
    literal(value, ONE_LINE)
}

/// Says in a few words what a value is.
pub(in crate::script) fn summary(value: &Dynamic) -> String {
    let kind = type_name(value);
    if let Some(items) = value.read_lock::<Array>() {
        let Some(first) = items.first() else {
            return "empty array".to_owned();
        };
        let is_alike = |item: &Dynamic| item.type_name() == first.type_name();
        let kind = if items.iter().all(is_alike) {
            format!(" of {}", type_name(first))
        } else {
            String::new()
        };
        let count = items.len();
        let entries = if count == 1 { "entry" } else { "entries" };
        return format!("array{kind}, {count} {entries}");
    }
    if let Some(map) = value.read_lock::<Map>() {
        return match map.len() {
            0 => "empty map".to_owned(),
            1 => "map, 1 key".to_owned(),
            count => format!("map, {count} keys"),
        };
    }
    if let Some(function) = value.read_lock::<FnPtr>() {
        return function_words(&function);
    }
    kind
}
