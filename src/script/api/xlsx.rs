//! Reading Excel workbooks.

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::script::api::conversion::table_options::ReadXlsxOptions;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, throw};
use crate::script::host::run_host::Host;
use crate::script::values::option_map::read_map;
use crate::table::{Workbook, WorkbookOptions};

fn read(ctx: &NativeCallContext, path: &str, options: &Map) -> RhaiResultOf<Array> {
    let options: ReadXlsxOptions = read_map(ctx, options)?;
    read_sheet(ctx, path, &options.into())
}

/// Reads a sheet of a workbook.
pub(super) fn read_sheet(
    ctx: &NativeCallContext,
    path: &str,
    options: &WorkbookOptions,
) -> RhaiResultOf<Array> {
    let host = Host::of(ctx)?;
    let workbook = Workbook::open(&host.file_to_read(ctx, path)?);
    let mut workbook = workbook.map_err(|error| throw(ctx, host.read_error(error)))?;
    host.record_input(path);
    let mut rows = Array::new();
    let mut watched = host.checkpoint().watch();
    let read = workbook.rows(options, |row| {
        rows.push(Dynamic::from(row));
        watched.go_on()
    });
    read.or_throw(ctx)?;
    watched.finish()?;
    Ok(rows)
}

#[export_module]
pub mod functions {
    /// Reads the first sheet of an Excel workbook (.xlsx) into an array of rows.
    ///
    /// The first row with a value names the columns. Every value is text, as in `read_csv`: a number as `5`, a date as
    /// `2025-02-01` or `2025-02-01T17:00:00`, a boolean as `true` or `false`, and a formula as its result when the
    /// workbook was saved. The line of a row is its number in the sheet. Rows without values are left out. If cells
    /// are merged over several rows, each of the rows has the value; over several columns, the first one has it. A column
    /// without a name is left out if it is empty.
    ///
    /// A cell that shows an error, such as `#N/A`, does not refuse the sheet: only reading that cell throws `bad_cell`,
    /// which makes the row invalid in `invite_all`.
    ///
    /// # Errors
    /// - `file`: the file cannot be read, or is larger than 256 MiB
    /// - `bad_table`: the file is not an .xlsx workbook, is damaged or protected by a password, unpacks to more
    ///   than 512 MiB, or has a row of more than 1 MiB; the sheet is empty or has no rows; a column is repeated, or unnamed and
    ///   not empty; a value is outside the columns; or a formula has no result, or has an error in the first row. The message names
    ///   the cell
    ///
    /// # Example
    /// ```rhai
    /// try {
    ///     for row in read_xlsx("people.xlsx") { print(`${row.line()}: ${row.email}`); }
    /// } catch (problem) {
    ///     print(problem.message);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn read_xlsx(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Array> {
        read(&ctx, path, &Map::new())
    }

    /// Reads a sheet of an Excel workbook into an array of rows, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - `bad_table`: there is no such sheet, a column of `columns` is missing, or one of `aliases` matches several
    ///   columns
    /// - those of `read_xlsx(path)`
    ///
    /// # Example
    /// ```rhai
    /// try {
    ///     print(read_xlsx("people.xlsx", #{ sheet: "Candidates", start_row: 3, columns: ["email"] }));
    /// } catch (problem) {
    ///     print(problem.message);
    /// }
    /// ```
    #[rhai_fn(name = "read_xlsx", return_raw)]
    pub fn read_xlsx_with(
        ctx: NativeCallContext,
        path: &str,
        options_: Map,
    ) -> RhaiResultOf<Array> {
        read(&ctx, path, &options_)
    }
}
