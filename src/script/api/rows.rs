//! Rows of files. Columns are properties, in file order.

use rhai::plugin::*;
use rhai::{Array, INT, ImmutableString, Map};

use crate::script::error::throw::RhaiResultOf;
use crate::script::number::int;
use crate::script::rows::column_getters;
use crate::script::values::convert::to_cell;

#[export_module]
pub mod functions {
    pub type Row = crate::table::Row;

    /// Returns the text in a column; also written `row.column`.
    ///
    /// # Errors
    /// - `unknown_column`: the file has no such column; the message lists its columns
    /// - `bad_cell`: the cell of a workbook shows an error such as `#N/A`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ "Full Name": "Jane Smith", email: "jane@example.com" }]);
    /// let row = read_csv("people.csv")[0];
    /// print(row.email + " " + row["Full Name"]);
    /// ```
    #[rhai_fn(index_get, pure, return_raw)]
    pub fn column(
        ctx: NativeCallContext,
        row: &mut Row,
        column: &str,
    ) -> RhaiResultOf<ImmutableString> {
        column_getters::column(&ctx, row, column)
    }

    /// Sets the text in a column; a new column is added at the end.
    ///
    /// A value that is not a string is converted as in `write_csv`: `()` to nothing, a DateTime to an instant in UTC.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// let row = read_csv("people.csv")[0];
    /// row.team = "design";
    /// print(row);
    /// ```
    #[rhai_fn(index_set)]
    pub fn set_column(row: &mut Row, column: &str, value: Dynamic) {
        row.set(column, &to_cell(&value));
    }

    /// Returns the text in a column, or `()` if there is no such column.
    ///
    /// # Errors
    /// - `bad_table`: several columns match, because of the `aliases` that the file was read with
    /// - `bad_cell`: the cell of a workbook shows an error such as `#N/A`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// let row = read_csv("people.csv")[0];
    /// print(row.get("team") ?? "no team");
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn get(ctx: NativeCallContext, row: &mut Row, column: &str) -> RhaiResultOf<Dynamic> {
        let text = column_getters::optional_column(&ctx, row, column)?;
        Ok(text.map_or(Dynamic::UNIT, Into::into))
    }

    /// Returns the text in a column, or another value if there is no such column.
    ///
    /// # Errors
    /// - those of `row.get(column)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// print(read_csv("people.csv")[0].get("team", "no team"));
    /// ```
    #[rhai_fn(name = "get", pure, return_raw)]
    pub fn get_or(
        ctx: NativeCallContext,
        row: &mut Row,
        column: &str,
        fallback: Dynamic,
    ) -> RhaiResultOf<Dynamic> {
        let text = column_getters::optional_column(&ctx, row, column)?;
        Ok(text.map_or(fallback, Into::into))
    }

    /// Returns whether a row has a column; also written `"x" in row`.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// print("team" in read_csv("people.csv")[0]);
    /// ```
    #[rhai_fn(pure)]
    pub fn contains(row: &mut Row, column: &str) -> bool {
        row.value(column).is_some() || row.header().ambiguity(column).is_some()
    }

    /// Returns the names of the columns, in file order.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "" }]);
    /// print(read_csv("people.csv")[0].keys());
    /// ```
    #[rhai_fn(pure)]
    pub fn keys(row: &mut Row) -> Array {
        row.header().columns().iter().map(Into::into).collect()
    }

    /// Returns the texts of a row, in file order.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "Jane" }]);
    /// print(read_csv("people.csv")[0].values());
    /// ```
    #[rhai_fn(pure)]
    pub fn values(row: &mut Row) -> Array {
        row.header().mark_all_read();
        row.iter().map(|(_, cell)| cell.into()).collect()
    }

    /// Returns the row as a map. Its keys are sorted.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "Jane" }]);
    /// print(read_csv("people.csv")[0].to_map());
    /// ```
    #[rhai_fn(pure)]
    pub fn to_map(row: &mut Row) -> Map {
        row.header().mark_all_read();
        row.iter()
            .map(|(column, cell)| (column.into(), cell.into()))
            .collect()
    }

    /// Returns the line of the file that the row starts at, from 1.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// print(read_csv("people.csv")[0].line());
    /// ```
    #[rhai_fn(pure)]
    pub fn line(row: &mut Row) -> INT {
        int(row.line())
    }

    /// Returns the path of the file that the row comes from.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// print(read_csv("people.csv")[0].file());
    /// ```
    #[rhai_fn(pure)]
    pub fn file(row: &mut Row) -> String {
        row.header().path().display().to_string()
    }

    /// Returns whether two rows have the same columns and texts.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// let rows = read_csv("people.csv");
    /// print(rows[0] == rows[0]);
    /// ```
    #[rhai_fn(name = "==", pure)]
    pub fn equals(row: &mut Row, other: Row) -> bool {
        row.iter().eq(other.iter())
    }

    /// Returns a row as text: its columns and values.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com" }]);
    /// print(read_csv("people.csv")[0]);
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(row: &mut Row) -> String {
        let cells: Vec<String> = row
            .iter()
            .map(|(column, cell)| format!("{column}: {cell:?}"))
            .collect();
        format!("#{{{}}}", cells.join(", "))
    }
}
