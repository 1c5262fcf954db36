//! Text files, JSON files, and whether a file can be written.

use std::path::Path;

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::error_code::ErrorCode;
use crate::script::api::conversion::table_options::OverwriteOptions;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::row_origin::tag_origin;
use crate::script::host::run_host::Host;
use crate::script::limits::text_size::check_text_size;
use crate::script::number::int;
use crate::script::rows::row_list::materialize;
use crate::script::values::convert::to_json;
use crate::script::values::json::{JsonError, read_json as read_json_text};
use crate::script::values::option_map::read_map;
use crate::table;

/// Largest JSON file that is read.
const MAX_JSON_BYTES: u64 = 256 * 1024 * 1024;

fn bad_json(path: &Path, error: &serde_json::Error) -> Throw {
    let path = table::display_name(path).display().to_string();
    let message = format!("`{path}` is not JSON: {error}");
    Throw::new(ErrorCode::BadJson, message).with("file", path)
}

fn large_json(path: &Path, line: usize) -> Throw {
    let path = table::display_name(path).display().to_string();
    let message = format!("`{path}` {}", JsonError::too_many_values(line));
    Throw::new(ErrorCode::TooLarge, message)
        .hint("split the file, or write it as CSV and read that with `scan_csv`")
        .with("file", path)
        .with("file_line", int(line))
}

#[export_module]
pub mod functions {
    /// Throws an error if a file exists or cannot be written; writes nothing.
    ///
    /// Call it before you invite anybody, so that a script fails before it sends invitations whose links it cannot
    /// save. It also checks in a dry run. An empty file may exist.
    ///
    /// # Errors
    /// - `file`: the file exists or cannot be written, or this run has read it
    /// - `not_allowed`: the script may not write there, or may not write at all
    /// - `planning`: called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// let path = "links.csv";
    /// ensure_writable(path);
    /// let outcome = invite_all(["jane@example.com"]);
    /// outcome.write_csv(path);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn ensure_writable(ctx: NativeCallContext, path: &str) -> RhaiResultOf<()> {
        Host::of(&ctx)?.ensure_writable(&ctx, path, false)
    }

    /// Throws an error if a file cannot be written, with options; writes nothing.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `ensure_writable(path)`
    ///
    /// # Example
    /// ```rhai
    /// let path = "links.csv";
    /// ensure_writable(path, #{ overwrite: true });
    /// let outcome = invite_all(["jane@example.com"]);
    /// outcome.write_csv(path, #{ overwrite: true });
    /// ```
    #[rhai_fn(name = "ensure_writable", return_raw)]
    pub fn ensure_writable_with(
        ctx: NativeCallContext,
        path: &str,
        options_: Map,
    ) -> RhaiResultOf<()> {
        let options: OverwriteOptions = read_map(&ctx, &options_)?;
        Host::of(&ctx)?.ensure_writable(&ctx, path, options.overwrite)
    }

    /// Reads the lines of a text file into an array of strings.
    ///
    /// Lines are trimmed. Blank lines and lines that start with `#` are left out. `invite_all` reports the line number
    /// of each entry. The file must be UTF-8, or UTF-16 with a byte order mark; `-` is standard input.
    ///
    /// # Errors
    /// - `file`: the file cannot be read
    /// - `bad_table`: the file is not text in one of these encodings, or has a line of more than 1 MiB; the message
    ///   names the line
    ///
    /// # Example
    /// ```rhai
    /// write_csv("list.txt", [["jane@example.com"], ["john@example.com"]], ["# addresses"]);
    /// print(read_lines("list.txt"));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn read_lines(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Array> {
        let host = Host::of(&ctx)?;
        let file = host.file_to_read(&ctx, path)?;
        let list = host.register_list_file(&table::display_name(file.name()));
        let mut lines = Array::new();
        let mut watched = host.checkpoint().watch();
        table::read_lines(&file, |line| {
            let mut text = Dynamic::from(line.text);
            tag_origin(&mut text, list, line.number);
            lines.push(text);
            watched.go_on()
        })
        .map_err(|error| throw(&ctx, host.read_error(error)))?;
        watched.finish()?;
        host.record_input(path);
        Ok(lines)
    }

    /// Reads a JSON file into maps, arrays, strings and numbers.
    ///
    /// The file must be UTF-8; `-` is standard input.
    ///
    /// # Errors
    /// - `file`: the file cannot be read, or is larger than 256 MiB
    /// - `bad_json`: the file is not valid JSON; the message names line and column
    /// - `too_large`: the file has more than 10 million values
    ///
    /// # Example
    /// ```rhai
    /// write_json("rules.json", #{ design: 5, sales: 10 });
    /// print(read_json("rules.json").design);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn read_json(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Dynamic> {
        let host = Host::of(&ctx)?;
        let file = host.file_to_read(&ctx, path)?;
        let bytes = table::read_bytes(&file, MAX_JSON_BYTES)
            .map_err(|error| throw(&ctx, host.read_error(error)))?;
        host.record_json_input(path);
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        read_json_text(bytes, &host.checkpoint()).map_err(|error| match error {
            JsonError::Ended(ended) => ended.into(),
            JsonError::Invalid(error) => throw(&ctx, bad_json(file.name(), &error)),
            JsonError::TooLarge { line } => throw(&ctx, large_json(file.name(), line)),
        })
    }

    /// Lists the files that match a pattern, as sorted paths.
    ///
    /// `*` is any part of a name, `?` one character, `{a,b}` one of several names, and `**` any number of directories.
    /// Only files that the script may read are listed, and hidden ones only if the pattern names them: `.*.csv`.
    ///
    /// # Errors
    /// - `bad_pattern`: the pattern cannot be understood
    /// - `not_allowed`: its directory is out of reach
    /// - `file`: a directory cannot be read
    /// - `too_large`: the pattern looks at more than a million files
    ///
    /// # Example
    /// ```rhai
    /// write_csv("exports/monday.csv", [#{ email: "jane@example.com" }]);
    /// let people = list_files("exports/*.csv").map(|path| read_csv(path)).flatten();
    /// print(people.len());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn list_files(ctx: NativeCallContext, pattern: &str) -> RhaiResultOf<Array> {
        let files = Host::of(&ctx)?.list_files(&ctx, pattern)?;
        Ok(files.into_iter().map(Into::into).collect())
    }

    /// Writes a text as a file, replacing an existing file in one step.
    ///
    /// The file is UTF-8, and has exactly this text. Missing directories below the working directory are made.
    ///
    /// # Errors
    /// - `file`: the file cannot be written, and an existing file is unchanged; or this run has read the file
    /// - `not_allowed`: the script may not write there, or may not write at all
    /// - `planning`: called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// let lines = list_sessions().map(|s| `- ${s.candidate_name}: ${s.status}`);
    /// write_text("digest/today.md", lines.join("\n"));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn write_text(ctx: NativeCallContext, path: &str, text: &str) -> RhaiResultOf<()> {
        write_text_file(&ctx, path, text, &Map::new())
    }

    /// Writes a text as a file, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `write_text(path, text)`
    ///
    /// # Example
    /// ```rhai
    /// write_text("notes.txt", "one\n");
    /// let notes = read_lines("notes.txt");
    /// write_text("notes.txt", notes.join("\n"), #{ overwrite: true });
    /// ```
    #[rhai_fn(name = "write_text", return_raw)]
    pub fn write_text_with(
        ctx: NativeCallContext,
        path: &str,
        text: &str,
        options_: Map,
    ) -> RhaiResultOf<()> {
        write_text_file(&ctx, path, text, &options_)
    }

    /// Writes a value as a JSON file, replacing an existing file in one step.
    ///
    /// A list such as the one that `scan_csv` returns becomes an array.
    ///
    /// # Errors
    /// - `file`: the file cannot be written, and an existing file is unchanged; or this run has read the file by another
    ///   function than `read_json`
    /// - `wrong_type`: the value is nested more than 100 deep
    /// - `too_large`: the JSON would be larger than 256 MiB
    /// - `planning`: called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// write_json("counts.json", count_by(list_sessions(), "status"));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn write_json(ctx: NativeCallContext, path: &str, value: Dynamic) -> RhaiResultOf<()> {
        write_json_file(&ctx, path, value, &Map::new())
    }

    /// Writes a value as a JSON file, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `write_json(path, value)`
    ///
    /// # Example
    /// ```rhai
    /// write_csv("days.txt", [["2030-12-25"]], ["# days off"]);
    /// let days = read_lines("days.txt");
    /// write_json("days.txt", days, #{ overwrite: true });
    /// ```
    #[rhai_fn(name = "write_json", return_raw)]
    pub fn write_json_with(
        ctx: NativeCallContext,
        path: &str,
        value: Dynamic,
        options_: Map,
    ) -> RhaiResultOf<()> {
        write_json_file(&ctx, path, value, &options_)
    }
}

fn write_text_file(
    ctx: &NativeCallContext,
    path: &str,
    text: &str,
    options: &Map,
) -> RhaiResultOf<()> {
    let options: OverwriteOptions = read_map(ctx, options)?;
    let host = Host::of(ctx)?;
    let Some(file) = host.file_to_write(ctx, "write_text", path, options.overwrite)? else {
        return Ok(());
    };
    table::replace_file(&file, |out| std::io::Write::write_all(out, text.as_bytes())).or_throw(ctx)
}

fn write_json_file(
    ctx: &NativeCallContext,
    path: &str,
    value: Dynamic,
    options: &Map,
) -> RhaiResultOf<()> {
    let options: OverwriteOptions = read_map(ctx, options)?;
    let host = Host::of(ctx)?;
    let Some(file) = host.file_to_write(ctx, "write_json", path, options.overwrite)? else {
        return Ok(());
    };
    let value = materialize(ctx, value)?;
    check_text_size(ctx, &value)?;
    let json = to_json(&value).ok_or_else(|| {
        let message = "the value is nested more than 100 deep";
        throw(ctx, Throw::new(ErrorCode::WrongType, message))
    })?;
    table::replace_file(&file, |out| {
        serde_json::to_writer_pretty(&mut *out, &json)?;
        std::io::Write::write_all(out, b"\n")
    })
    .or_throw(ctx)
}
