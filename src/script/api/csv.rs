//! Reading and writing CSV files.

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::script::api::conversion::table_options::{ReadCsvOptions, WriteCsvOptions};
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, throw};
use crate::script::host::run_host::Host;
use crate::script::rows::columns::cells;
use crate::script::rows::row_list::RowIter;
use crate::script::rows::scan::Scan;
use crate::script::values::option_map::read_map;
use crate::table::{CsvOptions, CsvWriter};

pub(super) fn scan(ctx: &NativeCallContext, path: &str, options: &Map) -> RhaiResultOf<Scan> {
    let options: ReadCsvOptions = read_map(ctx, options)?;
    open_scan(ctx, path, options.into())
}

/// Opens a CSV file.
pub(super) fn open_scan(
    ctx: &NativeCallContext,
    path: &str,
    options: CsvOptions,
) -> RhaiResultOf<Scan> {
    let host = Host::of(ctx)?;
    let file = host.file_to_read(ctx, path)?;
    let scan = Scan::open(file, options, ctx.call_position());
    let scan = scan.map_err(|error| throw(ctx, host.read_error(error)))?;
    host.record_input(path);
    if scan.columns().len() > 1 {
        host.record_input_delimiter(scan.delimiter());
    }
    Ok(scan)
}

fn read(ctx: &NativeCallContext, path: &str, options: &Map) -> RhaiResultOf<Array> {
    RowIter::of(ctx, Dynamic::from(scan(ctx, path, options)?))?.collect()
}

#[export_module]
pub mod functions {
    /// Reads a CSV file into an array of rows.
    ///
    /// The first line names the columns; white space is removed around the names, but kept around values. Fields may be
    /// quoted, and then contain delimiters, quotes (doubled) and line breaks. Every value is text, so leading zeros are
    /// kept. `-` is standard input, which can be read once.
    ///
    /// A quote that could be read in several ways is refused: one that is never closed, text after a closing quote, a
    /// backslash before a quote, a quote in the middle of a field, and a quoted field with a line that looks like a row.
    ///
    /// A column without a name is left out, unless a row has a value in it.
    ///
    /// Blank lines are left out, and so are lines that contain only delimiters and white space, such as the `;;;;` that
    /// spreadsheets write at the end. A line with a quoted value is a row, even if that value is empty.
    ///
    /// The delimiter is detected: a comma, a semicolon, a tab or a `|`. It must split the first line. If several do, it
    /// is the one that splits the largest number of the first 50 rows into as many fields as the first line. Ties go to
    /// the delimiter that is followed by fewer spaces, then to the one that makes more fields, then to the first in
    /// this list. A first line `sep=;` sets it, as in Excel. The file must be UTF-8, or UTF-16 with a byte order mark.
    ///
    /// # Errors
    /// - `file`: the file cannot be read; if it does not exist, the error has the key `is_missing`
    /// - `bad_table`: the file is empty or has no rows, a row has more or fewer fields than there are columns, a
    ///   column is repeated, or unnamed and not empty, a quote could be read in several ways, or bytes are not text in its encoding; the
    ///   message names the line
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
    /// - `wrong_type`: the value of an option has the wrong type, or is not allowed
    /// - `bad_table`: a column of `columns` is missing, or matches several columns by its aliases; or
    ///   `normalize_headers` gives two columns the same name
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

    /// Writes rows as a CSV file, replacing an existing file in one step.
    ///
    /// Other programs see the old file or the new one, never a part of it. Rows are maps, rows of a file, or arrays.
    /// They come in an array, or in a list such as the one that `scan_csv` returns. The columns are those of the first
    /// row in its order (those of a map are sorted), then those that only later rows have. A DateTime is written as an
    /// instant in UTC, `()` as nothing. A row without values is written as an empty value in quotes, so that it is read
    /// as a row again.
    ///
    /// A value that a spreadsheet would run as a formula gets an apostrophe in front: one that starts with `=`, `@`, a
    /// tab or a carriage return, or with a `+` or `-` that does not begin a number. `-` alone and `-5` are written
    /// unchanged.
    ///
    /// # Errors
    /// - `file`: the file cannot be written, and an existing file is unchanged; or this run has read the file, which
    ///   would be lost
    /// - `wrong_type`: the value is not a list, or an item is not a row
    /// - `planning`: called while `invite_all` plans
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

    /// Writes the given columns of rows as a CSV file, in this order.
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
    let Some(file) = host.file_to_write(ctx, "write_csv", path, options.overwrite)? else {
        return Ok(());
    };
    let options = options.write_options(host.input_delimiter());
    let mut writer = CsvWriter::create(&file, &columns, options).or_throw(ctx)?;
    for row in rows {
        let record = cells(&row?, &columns).or_throw(ctx)?;
        writer.add(record).or_throw(ctx)?;
    }
    writer.finish().or_throw(ctx)
}
