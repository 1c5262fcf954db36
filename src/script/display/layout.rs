//! Values as a person reads them: a table, a list, keys with values, or text. The terminal draws them.

use rhai::{Array, Dynamic, FnPtr, ImmutableString, Map};

use super::literal::{function_label, literal};
use crate::interrupt::Interrupt;
use crate::script::error::throw::Throw;
use crate::script::rows::columns::{columns, display_cells};
use crate::script::rows::lazy_list::RowStream;
use crate::script::rows::results::Results;
use crate::script::rows::row_list::preview;
use crate::script::values::convert::{to_display, type_name};
use crate::table::Row;
use crate::text::count;
use crate::time::DateTime;

/// The length of a value on one line; longer ones are cut off.
const ONE_LINE: usize = 200;

/// A value as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisplayValue {
    Text(String),
    /// Any other value, as a literal.
    Literal(String),
    /// The items of an array, one per line.
    List {
        /// The first items.
        items: Vec<String>,
        /// The number of items that follow, if it is known.
        more: Option<usize>,
    },
    Table {
        /// The names of the columns.
        columns: Vec<String>,
        /// The first rows, with a text for each column.
        rows: Vec<Vec<String>>,
        /// The number of items that follow, if it is known.
        more: Option<usize>,
    },
    /// Keys or columns with their values.
    Pairs(Vec<(String, String)>),
}

/// Prepares `value` for display, with at most `limit` items of a list.
pub(in crate::script) fn show(
    value: &Dynamic,
    limit: usize,
    interrupt: &Interrupt,
) -> Result<DisplayValue, Throw> {
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return Ok(DisplayValue::Text(text.to_string()));
    }
    if let Some(items) = value.read_lock::<Array>() {
        return show_array(&items, limit);
    }
    if let Some(map) = value.read_lock::<Map>().filter(|map| !map.is_empty()) {
        let pairs = map
            .iter()
            .map(|(key, value)| (key.to_string(), cell(value)));
        return Ok(DisplayValue::Pairs(pairs.collect()));
    }
    if let Some(row) = value.read_lock::<Row>() {
        let pairs = row.iter();
        let pairs = pairs.map(|(column, cell)| (column.to_owned(), cell.to_owned()));
        return Ok(DisplayValue::Pairs(pairs.collect()));
    }
    match preview(value) {
        Some(stream) => show_lazy(value, stream?, limit, interrupt),
        None => Ok(DisplayValue::Literal(one_line(value))),
    }
}

fn show_array(items: &[Dynamic], limit: usize) -> Result<DisplayValue, Throw> {
    let first = &items[..items.len().min(limit)];
    let more = Some(items.len() - first.len());
    let is_row = |item: &Dynamic| item.is_map() || item.is::<Row>();
    if first.is_empty() || !first.iter().all(is_row) {
        let items = first.iter().map(one_line).collect();
        return Ok(DisplayValue::List { items, more });
    }
    let columns = columns(first)?;
    let rows: Result<Vec<_>, Throw> = first.iter().map(|row| shown_cells(row, &columns)).collect();
    Ok(DisplayValue::Table {
        columns,
        rows: rows?,
        more,
    })
}

fn show_lazy(
    list: &Dynamic,
    mut stream: RowStream,
    limit: usize,
    interrupt: &Interrupt,
) -> Result<DisplayValue, Throw> {
    let mut rows = Vec::new();
    while rows.len() < limit && !interrupt.is_set() {
        let Some(row) = stream.rows.next() else {
            break;
        };
        rows.push(shown_cells(&row?, &stream.columns)?);
    }
    let length = list.read_lock::<Results>().map(|results| results.len());
    let more = match length {
        Some(length) => {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            Some(length.saturating_sub(rows.len()))
        }
        None if stream.rows.next().is_some() => None,
        None => Some(0),
    };
    Ok(DisplayValue::Table {
        columns: stream.columns,
        rows,
        more,
    })
}

fn shown_cells(row: &Dynamic, columns: &[String]) -> Result<Vec<String>, Throw> {
    let cells = display_cells(row, columns)?;
    Ok(cells.iter().map(ToString::to_string).collect())
}

/// The text of a value next to its key. Strings are not quoted.
fn cell(value: &Dynamic) -> String {
    if value.is_string() || value.is::<DateTime>() {
        return to_display(value);
    }
    one_line(value)
}

/// Writes a value on one line.
pub(in crate::script) fn one_line(value: &Dynamic) -> String {
    literal(value, ONE_LINE)
}

/// Describes a value in a few words.
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
        return format!("array{kind}, {}", count(items.len(), "entry"));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return match map.len() {
            0 => "empty map".to_owned(),
            keys => format!("map, {}", count(keys, "key")),
        };
    }
    if let Some(function) = value.read_lock::<FnPtr>() {
        return function_label(&function);
    }
    kind
}
