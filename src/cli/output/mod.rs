//! Output: lines to either stream, records in several formats, and report files.

mod escaping;
mod formats;
mod lines;
mod stdout;

pub(super) use self::formats::{
    Format, MAX_TABLE_ROWS, StdoutWriter, WriteError, to_stdout, write_csv, write_json,
    write_records,
};
pub(super) use self::lines::{
    Streams, Verbosity, is_stdout_colored, note, note_preformatted, page_height, stderr_style,
    stdout_style, width, wrap_for_stderr, wrap_for_stdout, write_report_file,
};
pub(super) use self::stdout::{finish, ignore_closed_pipe, print, print_unredacted};
