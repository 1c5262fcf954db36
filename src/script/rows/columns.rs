//! Rows as a table: their columns, and the text in each.

use std::collections::HashSet;

use rhai::{Array, Dynamic, INT, ImmutableString, Map};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw};
use crate::script::limits::text_size::{MAX_TEXT_BYTES, too_much_text};
use crate::script::values::convert::{to_cell, to_display, type_name};
use crate::table::Row;

/// Returns the columns of `rows`: those of the first row, then those that only later rows have.
pub(in crate::script) fn columns(rows: &[Dynamic]) -> Result<Vec<String>, Throw> {
    let mut columns: Vec<String> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let mut add = |name: &str| {
        if !known.contains(name) {
            known.insert(name.to_owned());
            columns.push(name.to_owned());
        }
    };
    for row in rows {
        if let Some(row) = row.read_lock::<Row>() {
            row.iter().for_each(|(column, _)| add(column));
        } else if let Some(map) = row.read_lock::<Map>() {
            map.keys().for_each(|key| add(key));
        } else if let Some(items) = row.read_lock::<Array>() {
            (1..=items.len()).for_each(|number| add(&number.to_string()));
        } else {
            return Err(not_a_row(row));
        }
    }
    Ok(columns)
}

/// Returns the texts of `row` in `columns`, as a file has them.
pub(in crate::script) fn cells(
    row: &Dynamic,
    columns: &[String],
) -> Result<Vec<ImmutableString>, Throw> {
    row_texts(row, columns, to_cell)
}

/// Returns the texts of `row` in `columns`, as a person reads them.
pub(in crate::script) fn display_cells(
    row: &Dynamic,
    columns: &[String],
) -> Result<Vec<ImmutableString>, Throw> {
    row_texts(row, columns, to_display)
}

fn row_texts(
    row: &Dynamic,
    columns: &[String],
    text: fn(&Dynamic) -> String,
) -> Result<Vec<ImmutableString>, Throw> {
    let values = row_values(row, columns)?;
    within_limit(values.iter().map(|value| cell_text(value, text)))
}

/// Returns the values of `row` in `columns`; `()` for those that it does not have.
pub(in crate::script) fn row_values(
    row: &Dynamic,
    columns: &[String],
) -> Result<Vec<Dynamic>, Throw> {
    if let Some(items) = row.read_lock::<Array>() {
        let values = (0..columns.len()).map(|at| items.get(at).cloned().unwrap_or_default());
        return Ok(values.collect());
    }
    if let Some(row) = row.read_lock::<Row>()
        && let Some(ambiguity) = columns.iter().find_map(|name| row.header().ambiguity(name))
    {
        return Err(ambiguity.into());
    }
    if row.is_map() || row.is::<Row>() {
        let values = columns
            .iter()
            .map(|column| row_value(row, column).unwrap_or_default());
        return Ok(values.collect());
    }
    Err(not_a_row(row))
}

/// Returns the text of a cell. That of a string is shared with the string.
fn cell_text(value: &Dynamic, text: fn(&Dynamic) -> String) -> ImmutableString {
    match value.read_lock::<ImmutableString>() {
        Some(shared) => shared.clone(),
        None => text(value).into(),
    }
}

/// Collects the texts of a row. Cells can share one long text that is written in full for each.
fn within_limit(
    cells: impl Iterator<Item = ImmutableString>,
) -> Result<Vec<ImmutableString>, Throw> {
    let mut row = Vec::new();
    let mut length: usize = 0;
    for cell in cells {
        length = length.saturating_add(cell.len());
        if length > MAX_TEXT_BYTES {
            return Err(too_much_text("the row"));
        }
        row.push(cell);
    }
    Ok(row)
}

/// Returns the value of a key of a map, or of a column of a row, if there is one.
pub(in crate::script) fn row_value(row: &Dynamic, column: &str) -> Option<Dynamic> {
    if let Some(row) = row.read_lock::<Row>() {
        return row.value(column).map(Into::into);
    }
    row.read_lock::<Map>()?.get(column).cloned()
}

/// Returns the entries of a map as rows `#{ key, value }`.
pub(in crate::script) fn map_entries(map: &Map) -> Array {
    let entries = map.iter().map(|(key, value)| {
        let key: Dynamic = key.as_str().into();
        Map::from([("key".into(), key), ("value".into(), value.clone())]).into()
    });
    entries.collect()
}

/// Counts values by their text.
pub(in crate::script) fn count_values(
    values: impl Iterator<Item = RhaiResultOf<Dynamic>>,
) -> RhaiResultOf<Map> {
    let mut counts = Map::new();
    for value in values {
        let count = counts
            .entry(to_cell(&value?).into())
            .or_insert(Dynamic::from(0 as INT));
        let so_far = count.as_int().unwrap_or(0);
        *count = Dynamic::from(so_far + 1);
    }
    Ok(counts)
}

pub(in crate::script) fn not_a_row(value: &Dynamic) -> Throw {
    Throw::new(
        ErrorCode::WrongType,
        format!(
            "a row is a map, a row of a file or an array, not `{}`",
            type_name(value)
        ),
    )
}
