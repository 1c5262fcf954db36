//! CSV files that are read row by row.

use rhai::plugin::*;
use rhai::{Array, Map};

use super::csv::scan;
use crate::script::error::throw::RhaiResultOf;
use crate::script::rows::row_list::RowIter;
use crate::script::rows::scan::Scan;

#[export_module]
pub mod functions {
    /// Opens a CSV file as a list that reads its rows when they are needed.
    ///
    /// The list yields the same rows as `read_csv`, one at a time and again in each `for` loop, so the file may be
    /// larger than memory. Every function that takes rows takes such a list. It is not an array; `to_array()` converts
    /// it. Standard input (`-`) can be read once.
    ///
    /// # Errors
    /// - `file`: the file cannot be read
    /// - `bad_table`: the file is empty, or has an unnamed or repeated column. An error in a row is thrown when that
    ///   row is read; in a `for` loop, it names the line of the script that opened the file
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "Jane" }]);
    /// for row in scan_csv("people.csv") {
    ///     print(`${row.line()}: ${row.email}`);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn scan_csv(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Scan> {
        scan(&ctx, path, &Map::new())
    }

    /// Opens a CSV file as a list that reads its rows when needed, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `scan_csv(path)` and of `read_csv(path, options)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [], ["email", "name"]);
    /// for row in scan_csv("people.csv", #{ allow_empty: true }) {
    ///     print(row);
    /// }
    /// ```
    #[rhai_fn(name = "scan_csv", return_raw)]
    pub fn scan_csv_with(ctx: NativeCallContext, path: &str, options_: Map) -> RhaiResultOf<Scan> {
        scan(&ctx, path, &options_)
    }

    /// Reads all rows of the list into an array.
    ///
    /// # Errors
    /// - those of `read_csv(path)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "Jane" }]);
    /// print(scan_csv("people.csv").to_array().len());
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn to_array(ctx: NativeCallContext, scan: &mut Scan) -> RhaiResultOf<Array> {
        RowIter::of(&ctx, Dynamic::from(scan.clone()))?.collect()
    }

    /// Returns the names of the columns, in file order.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "Jane" }]);
    /// print(scan_csv("people.csv").keys());
    /// ```
    #[rhai_fn(pure)]
    pub fn keys(scan: &mut Scan) -> Array {
        scan.columns().iter().map(Into::into).collect()
    }

    /// Returns the list as text: its file and columns.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "Jane" }]);
    /// print(scan_csv("people.csv"));
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(scan: &mut Scan) -> String {
        let columns = scan.columns().join(", ");
        format!("scan of {} ({columns})", scan.name().display())
    }
}
