//! Tables for the terminal.

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::limits::text_size::check_byte_count;
use crate::script::rows::columns::{display_cells, map_entries};
use crate::script::rows::row_list::RowIter;
use crate::table;

/// The largest table that is drawn. Drawing takes fifty times its size.
const MAX_TABLE_CHARS: usize = 16_000_000;

/// Returns the rows of a table: a list, or the entries of a map.
fn rows_of<'a>(ctx: &'a NativeCallContext, rows: Dynamic) -> RhaiResultOf<RowIter<'a>> {
    let entries = rows.read_lock::<Map>().map(|map| map_entries(&map));
    RowIter::of(ctx, entries.map_or(rows, Dynamic::from_array))
}

fn show(ctx: &NativeCallContext, rows: RowIter, columns: &[String]) -> RhaiResultOf<()> {
    let host = Host::of(ctx)?;
    let mut length = 0;
    let mut cells = Vec::new();
    for row in rows {
        let row = display_cells(&row?, columns).or_throw(ctx)?;
        length += row.iter().map(|cell| cell.len()).sum::<usize>();
        check_byte_count(ctx, length)?;
        cells.push(row);
    }
    let width = host.console.width();
    if table::drawn_size(columns, &cells, width) > MAX_TABLE_CHARS {
        let message = format!("the table would have more than {MAX_TABLE_CHARS} characters");
        let hint = "print fewer columns or rows, or write them to a file with `write_csv`";
        return Err(throw(
            ctx,
            Throw::new(ErrorCode::TooLarge, message).hint(hint),
        ));
    }
    let drawn = table::draw(columns, &cells, width);
    host.print(&drawn);
    Ok(())
}

#[export_module]
pub mod functions {
    /// Prints rows as a table with all their columns.
    ///
    /// Rows are maps, rows of a file, or arrays. They come in an array, or in a list such as the one that `scan_csv`
    /// returns. A map is printed as its entries, with the columns `key` and `value`. The table fits the width of the
    /// terminal.
    ///
    /// # Errors
    /// - `wrong_type`: the value is neither a list nor a map, or an item is not a row
    /// - `too_large`: the table would have more than 16 million characters
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// print_table([#{ name: "Jane", days: 5 }, #{ name: "John", days: 7 }]);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn print_table(ctx: NativeCallContext, rows: Dynamic) -> RhaiResultOf<()> {
        let rows = rows_of(&ctx, rows)?;
        let columns = rows.columns()?;
        show(&ctx, rows, &columns)
    }

    /// Prints the given columns of rows as a table, in this order.
    ///
    /// # Errors
    /// - those of `print_table(rows)`
    ///
    /// # Example
    /// ```rhai
    /// print_table(list_sessions(), ["candidate_name", "status", "due_date"]);
    /// ```
    #[rhai_fn(name = "print_table", return_raw)]
    pub fn print_table_columns(
        ctx: NativeCallContext,
        rows: Dynamic,
        columns: Array,
    ) -> RhaiResultOf<()> {
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        show(&ctx, rows_of(&ctx, rows)?, &columns)
    }
}
