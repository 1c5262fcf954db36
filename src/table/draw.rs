//! Drawing tables as text.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, ContentArrangement, Table};

/// The space and the line between two columns.
const BORDER: usize = 3;

/// Draws `rows` under `columns`; cells are wrapped if the table is wider than `width` characters.
pub fn draw<T: AsRef<str>>(columns: &[String], rows: &[Vec<T>], width: Option<u16>) -> String {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_header(columns.iter().map(Cell::new));
    if let Some(width) = width {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    table.add_rows(
        rows.iter()
            .map(|row| row.iter().map(|cell| Cell::new(one_line(cell.as_ref())))),
    );
    table.trim_fmt()
}

/// Estimates the size of a table in characters: every cell is as wide as the longest one in its column.
pub fn drawn_size<T: AsRef<str>>(columns: &[String], rows: &[Vec<T>], width: Option<u16>) -> usize {
    let length = |text: &str| text.chars().count() + BORDER;
    let mut widths: Vec<usize> = columns.iter().map(|column| length(column)).collect();
    let mut total = 0;
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            let length = length(cell.as_ref());
            *widest = length.max(*widest);
            total += length;
        }
    }
    match width {
        // The text of a cell is wrapped.
        Some(_) => total,
        None => widths.iter().sum::<usize>().saturating_mul(rows.len()),
    }
}

/// Replaces control characters, so that a line break or an escape sequence in a name does not break the table.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
