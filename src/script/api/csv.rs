//! CSV files: rows in, rows out.

use rhai::plugin::*;
use rhai::{Array, Map, Module};

use crate::script::api::conversion::table_options::{ReadCsvOptions, WriteCsvOptions};
use crate::script::error::throw::{RhaiResultOf, throw};
use crate::script::host::run_host::Host;
use crate::script::rows::columns::cells;
use crate::script::rows::row_list::RowIter;
use crate::script::rows::scan::Scan;
use crate::script::values::option_map::read_map;
use crate::table::CsvWriter;

pub(super) fn register(module: &mut Module) {
    module.combine(exported_module!(functions));
}

pub(super) fn scan(ctx: &NativeCallContext, path: &str, options: &Map) -> RhaiResultOf<Scan> {
    let host = Host::of(ctx)?;
    let options: ReadCsvOptions = read_map(ctx, options)?;
    let file = host.file_to_read(ctx, path)?;
    let scan = Scan::open(file, options.into(), ctx.call_position());
    let scan = scan.map_err(|error| throw(ctx, host.read_error(error)))?;
    host.record_input(path);
    Ok(scan)
}

fn read(ctx: &NativeCallContext, path: &str, options: &Map) -> RhaiResultOf<Array> {
    RowIter::of(ctx, Dynamic::from(scan(ctx, path, options)?))?.collect()
}

#[export_module]
mod functions {
    /// Reads a CSV file into an array of rows.
    ///
    /// The first line names the columns; names are trimmed, values are not. Fields may be quoted, and hold delimiters,
    /// quotes and line breaks. Every value is text: leading zeros stay. `-` is standard input, which can be read once.
    ///
    /// Blank lines are left out, and so are lines of nothing but delimiters and white space, which spreadsheets leave at
    /// the end (`;;;;`); a value in quotes, even an empty one, makes a row.
    ///
    /// The delimiter is a comma, a semicolon, a tab or a `|`: the one that splits the first line, and as many as
    /// possible of the first 50 rows into as many fields; of equals, the one that fewer spaces follow, then the one
    /// that makes more fields, then the first in this order. A first line `sep=;` tells it, as for Excel. The file is
    /// UTF-8, or what its byte order mark says (UTF-8, UTF-16).
    ///
    /// # Errors
    /// - `file`: the file cannot be read; the error has the key `is_missing` where there is none
    /// - `bad_table`: it is empty, has no rows, a row with more or fewer fields than columns, an unnamed or repeated
    ///   column, or bytes that are no text in its encoding; the message names the line
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ name: "Smith, Jane", email: "jane@example.com" }]);
    /// for row in read_csv("people.csv") {
    ///     print(`${row.name} <${row.email}>`);
    /// }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn read_csv(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Array> {
        read(&ctx, path, &Map::new())
    }

    /// Reads a CSV file into an array of rows, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - `wrong_type`: an option has another type, or names no encoding
    /// - `bad_table`: a column of `columns` is missing, or may be one of several by its aliases; `normalize_headers` gives
    ///   two columns one name
    /// - those of `read_csv(path)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ "E-mail": "jane@example.com" }], #{ delimiter: ";" });
    /// let people = read_csv("people.csv", #{ normalize_headers: true, columns: ["e_mail"] });
    /// print(people[0].e_mail);
    /// ```
    #[rhai_fn(name = "read_csv", return_raw)]
    pub fn read_csv_with(ctx: NativeCallContext, path: &str, options_: Map) -> RhaiResultOf<Array> {
        read(&ctx, path, &options_)
    }

    /// Writes rows as a CSV file, in one step.
    ///
    /// A reader sees the old file or the new one, never a part. Rows are maps, rows of a file, or arrays, in an array
    /// or a list such as that of `scan_csv`. The columns are those of the first row, in its order (a map's are sorted),
    /// and then those that only later rows have. DateTime is written as an instant in UTC, `()` as nothing. A row without
    /// any value is written in quotes, so that it is read as a row again.
    ///
    /// A value that a spreadsheet would run as a formula gets an apostrophe in front: one that starts with `=`, `@`, a
    /// tab or a carriage return, or with `+` or `-` before anything but a number; `-` alone stays, and so does `-5`.
    ///
    /// # Errors
    /// - `file`: the file cannot be written; an older one is then untouched. Or this run has read rows from it, which
    ///   would be lost
    /// - `wrong_type`: the list or a row is none
    /// - `planning`: it is called while `invite_all` plans
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ email: "jane@example.com", name: "Jane" }]);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn write_csv(ctx: NativeCallContext, path: &str, rows: Dynamic) -> RhaiResultOf<()> {
        write(&ctx, path, rows, None, &Map::new())
    }

    /// Writes rows as a CSV file with these columns, in this order.
    ///
    /// # Errors
    /// - those of `write_csv(path, rows)`
    ///
    /// # Example
    /// ```rhai
    /// let rows = [#{ email: "jane@example.com", name: "Jane", team: "design" }];
    /// write_csv("people.csv", rows, ["name", "email"]);
    /// ```
    #[rhai_fn(name = "write_csv", return_raw)]
    pub fn write_csv_columns(
        ctx: NativeCallContext,
        path: &str,
        rows: Dynamic,
        columns: Array,
    ) -> RhaiResultOf<()> {
        let columns = columns.iter().map(ToString::to_string).collect();
        write(&ctx, path, rows, Some(columns), &Map::new())
    }

    /// Writes rows as a CSV file, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `write_csv(path, rows)`
    ///
    /// # Example
    /// ```rhai
    /// let rows = [#{ email: "zoe@example.com", name: "Zoë", days: -5 }];
    /// write_csv("for_excel.csv", rows, #{ bom: true, delimiter: ";", columns: ["name", "email"] });
    /// ```
    #[rhai_fn(name = "write_csv", return_raw)]
    pub fn write_csv_with(
        ctx: NativeCallContext,
        path: &str,
        rows: Dynamic,
        options_: Map,
    ) -> RhaiResultOf<()> {
        write(&ctx, path, rows, None, &options_)
    }
}

fn write(
    ctx: &NativeCallContext,
    path: &str,
    rows: Dynamic,
    columns: Option<Vec<String>>,
    options: &Map,
) -> RhaiResultOf<()> {
    let options: WriteCsvOptions = read_map(ctx, options)?;
    let rows = RowIter::of(ctx, rows)?;
    let columns = match columns.or_else(|| options.columns.clone()) {
        Some(columns) => columns,
        None => rows.columns()?,
    };
    let host = Host::of(ctx)?;
    let Some(file) = host.table_to_write(ctx, "write_csv", path, options.overwrite)? else {
        return Ok(());
    };
    let raise = |error| throw(ctx, error);
    let options = (&options).into();
    let mut writer = CsvWriter::create(&file, &columns, options).map_err(raise)?;
    for row in rows {
        let record = cells(&row?, &columns).map_err(|error| throw(ctx, error))?;
        writer.add(record).map_err(raise)?;
    }
    writer.finish().map_err(raise)
}
