//! Drawing tables as text.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, ContentArrangement, Table};

/// Draws `rows` under `columns`; cells are wrapped if the table is wider than `width` characters.
#[must_use]
pub fn draw(columns: &[String], rows: &[Vec<String>], width: Option<u16>) -> String {
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
            .map(|row| row.iter().map(|cell| Cell::new(one_line(cell)))),
    );
    table.trim_fmt()
}

/// Replaces control characters, so that a line break or an escape sequence in a name does not break the table.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
