//! Files: CSV, lists, JSON.

use std::path::Path;

use rhai::plugin::*;
use rhai::{Array, Engine, Map};
use serde::Deserialize;

use crate::script::Host;
use crate::script::columns::cells;
use crate::script::options::options;
use crate::script::origin::mark;
use crate::script::rows::{Rows, settled};
use crate::script::scan::Scan;
use crate::script::throw::{RhaiResultOf, Throw, throw};
use crate::script::value::{from_json, to_json};
use crate::table::{self, CsvDraft, CsvOptions};

pub(super) fn register(engine: &mut Engine) {
    engine.register_global_module(exported_module!(functions).into());
}

/// Largest JSON file that is read.
const JSON_LIMIT: u64 = 256 * 1024 * 1024;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ReadOptions {
    allow_empty: bool,
}

pub(super) fn scan(
    ctx: &NativeCallContext,
    path: &str,
    options: &ReadOptions,
) -> RhaiResultOf<Scan> {
    let options = CsvOptions {
        allow_empty: options.allow_empty,
    };
    Scan::open(Path::new(path), options, ctx.call_position()).map_err(|error| throw(ctx, error))
}

fn read(ctx: &NativeCallContext, path: &str, options: &ReadOptions) -> RhaiResultOf<Array> {
    Rows::of(ctx, Dynamic::from(scan(ctx, path, options)?))?.collect()
}

fn bad_json(path: &str, error: &serde_json::Error) -> Throw {
    let message = format!("`{path}` is no JSON: {error}");
    Throw::new("bad_json", message).with("file", path.to_owned())
}

#[export_module]
mod functions {
    /// Reads a CSV file into an array of rows.
    ///
    /// The first line names the columns; names are trimmed. Fields may be quoted, and hold commas, quotes and line
    /// breaks. Every value is text: leading zeros stay. The file is UTF-8, with or without byte order mark.
    ///
    /// # Errors
    /// - `file`: the file cannot be read
    /// - `bad_table`: it is empty, has no rows, a row with more or fewer fields than columns, an unnamed or repeated
    ///   column, or bytes that are not UTF-8; the message names the line
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
        read(&ctx, path, &ReadOptions::default())
    }

    /// Reads a CSV file into an array of rows, with options.
    ///
    /// # Options
    /// - `allow_empty`: `true` accepts a file that has a header and no rows
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `read_csv(path)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [], ["email", "name"]);
    /// print(read_csv("people.csv", #{ allow_empty: true }).len());
    /// ```
    #[rhai_fn(name = "read_csv", return_raw)]
    pub fn read_csv_with(ctx: NativeCallContext, path: &str, options_: Map) -> RhaiResultOf<Array> {
        read(&ctx, path, &options(&ctx, options_)?)
    }

    /// Reads the lines of a text file into an array of texts.
    ///
    /// Lines are trimmed; blank ones and those that start with `#` are left out. `invite_all` knows the line of each.
    ///
    /// # Errors
    /// - `file`: the file cannot be read
    /// - `bad_table`: it is not UTF-8; the message names the line
    ///
    /// # Example
    /// ```rhai
    /// write_csv("list.txt", [["jane@example.com"], ["john@example.com"]], ["# addresses"]);
    /// print(read_lines("list.txt"));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn read_lines(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Array> {
        let host = Host::of(&ctx)?;
        let path = Path::new(path);
        let lines = table::read_lines(path).map_err(|error| throw(&ctx, error))?;
        let list = host.remember_list(path);
        let marked = lines.into_iter().map(|line| {
            let mut text = Dynamic::from(line.text);
            mark(&mut text, list, line.number);
            text
        });
        Ok(marked.collect())
    }

    /// Reads a JSON file into maps, arrays, texts and numbers.
    ///
    /// # Errors
    /// - `file`: the file cannot be read, or is larger than 256 MiB
    /// - `bad_json`: it is no JSON; the message names line and column
    ///
    /// # Example
    /// ```rhai
    /// write_json("rules.json", #{ design: 5, sales: 10 });
    /// print(read_json("rules.json").design);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn read_json(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Dynamic> {
        let unreadable = |source| {
            let path = path.into();
            throw(&ctx, table::Error::Open { path, source })
        };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > JSON_LIMIT {
            return Err(throw(
                &ctx,
                Throw::new(
                    "file",
                    format!("`{path}` is larger than {JSON_LIMIT} bytes"),
                ),
            ));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let json: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| throw(&ctx, bad_json(path, &error)))?;
        Ok(from_json(&json, &str::to_owned))
    }

    /// Writes rows as a CSV file, in one step.
    ///
    /// A reader sees the old file or the new one, never a part. Rows are maps, rows of a file, or arrays, in an array or
    /// a list such as that of `scan_csv`. The columns are those of the first row, in its order (a map's are sorted), and
    /// then those that only later rows have. DateTime is written as an instant in UTC, `()` as nothing.
    ///
    /// # Errors
    /// - `file`: the file cannot be written; an older one is then untouched
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
        let rows = Rows::of(&ctx, rows)?;
        let columns = rows.columns()?;
        write_rows(&ctx, path, rows, &columns)
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
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        write_rows(&ctx, path, Rows::of(&ctx, rows)?, &columns)
    }

    /// Writes a value as a JSON file, in one step.
    ///
    /// A list such as that of `scan_csv` becomes an array.
    ///
    /// # Errors
    /// - `file`: the file cannot be written; an older one is then untouched
    /// - `wrong_type`: the value is nested more than 100 deep
    /// - `planning`: it is called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// write_json("counts.json", count_by(list_sessions(), "status"));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn write_json(ctx: NativeCallContext, path: &str, value: Dynamic) -> RhaiResultOf<()> {
        if !Host::of(&ctx)?.may_write(&ctx, "write_json", path)? {
            return Ok(());
        }
        let json = to_json(&settled(&ctx, value)?).ok_or_else(|| {
            throw(
                &ctx,
                Throw::new("wrong_type", "the value is nested more than 100 deep"),
            )
        })?;
        table::replace_file(Path::new(path), |file| {
            serde_json::to_writer_pretty(&mut *file, &json)?;
            std::io::Write::write_all(file, b"\n")
        })
        .map_err(|error| throw(&ctx, error))
    }
}

fn write_rows(
    ctx: &NativeCallContext,
    path: &str,
    rows: Rows,
    columns: &[String],
) -> RhaiResultOf<()> {
    if !Host::of(ctx)?.may_write(ctx, "write_csv", path)? {
        return Ok(());
    }
    let raise = |error| throw(ctx, error);
    let mut draft = CsvDraft::create(Path::new(path), columns).map_err(raise)?;
    for row in rows {
        let record = cells(&row?, columns).map_err(|error| throw(ctx, error))?;
        draft.add(record).map_err(raise)?;
    }
    draft.finish().map_err(raise)
}
