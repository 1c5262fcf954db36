//! Tables of people, whatever kind of file they are in.

use rhai::plugin::*;
use rhai::{Array, Map};

use super::csv::open_scan;
use super::xlsx::read_sheet;
use crate::script::api::conversion::table_options::ReadTableOptions;
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;
use crate::script::rows::row_list::RowIter;
use crate::script::values::option_map::read_map;
use crate::table::is_workbook;

fn read(ctx: &NativeCallContext, path: &str, options: &Map) -> RhaiResultOf<Array> {
    let options: ReadTableOptions = read_map(ctx, options)?;
    let file = Host::of(ctx)?.file_to_read(ctx, path)?;
    if is_workbook(&file) {
        return read_sheet(ctx, path, &options.workbook_options());
    }
    let scan = open_scan(ctx, path, options.csv_options())?;
    RowIter::of(ctx, Dynamic::from(scan))?.collect()
}

#[export_module]
pub mod functions {
    /// Reads people from a CSV file or an Excel workbook into an array of rows.
    ///
    /// The first bytes of the file or of standard input (`-`) decide how it is read, not its name: as by `read_csv` or as
    /// by `read_xlsx`.
    ///
    /// A file may consist of addresses only, one in each line and without a header. Then the column is `email`, and
    /// every line must be an address. Any other file must name its columns.
    ///
    /// # Errors
    /// - `bad_table`: the first line has an address where the name of a column should be, or a line of a list of
    ///   addresses is not an address
    /// - those of `read_csv(path)` and `read_xlsx(path)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("list.txt", [["john@example.com"]], ["jane@example.com"]);
    /// for row in read_table("list.txt") {
    ///     print(row.email);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn read_table(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Array> {
        read(&ctx, path, &Map::new())
    }

    /// Reads people from a CSV file or an Excel workbook into an array, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - `wrong_type`: the value of an option has the wrong type, or is not allowed
    /// - those of `read_table(path)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ "E-mail": "jane@example.com" }]);
    /// let people = read_table("people.csv", #{ aliases: #{ email: [] }, skip_hidden: true });
    /// print(people[0].email);
    /// ```
    #[rhai_fn(name = "read_table", return_raw)]
    pub fn read_table_with(
        ctx: NativeCallContext,
        path: &str,
        options_: Map,
    ) -> RhaiResultOf<Array> {
        read(&ctx, path, &options_)
    }
}
