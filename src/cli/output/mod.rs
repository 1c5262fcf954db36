//! What is printed: lines of either stream, records in a format, and pages in files.

mod escaping;
mod formats;
mod lines;
mod pages;

pub(super) use self::formats::{
    Format, MAX_TABLE_ROWS, StdoutWriter, WriteError, to_stdout, write_csv, write_json,
    write_records,
};
pub(super) use self::lines::{
    Streams, Verbosity, is_stdout_colored, note, note_preformatted, print, prose, stderr_style,
    stdout_style, width, wrap_for_stdout,
};
pub(super) use self::pages::write_report_file;
