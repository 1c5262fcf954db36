//! What is printed: lines of either stream, records in a format, and pages in files.

mod escaping;
mod formats;
mod lines;
mod pages;

pub(super) use self::formats::{
    Failed, Format, MOST_SHOWN, Out, to_stdout, write_csv, write_json, write_records,
};
pub(super) use self::lines::{Streams, Talk, colors_errors, colors_results, note, print, width};
pub(super) use self::pages::write_page;
