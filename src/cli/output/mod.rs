//! What is printed: lines of either stream, records in a format, and pages in files.

mod escaping;
mod formats;
mod lines;
mod pages;

pub(super) use self::formats::{
    Failed, Format, MOST_SHOWN, Out, to_stdout, write_csv, write_json, write_records,
};
pub(super) use self::lines::{
    Streams, Talk, colors_results, note, note_drawn, print, prose, prose_of_results,
    style_of_errors, style_of_results, width,
};
pub(super) use self::pages::write_page;
