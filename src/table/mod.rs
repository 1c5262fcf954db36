//! Rows of people in files: reading CSV, workbooks and plain lists, and writing CSV
//! and workbooks.
//!
//! A [`Row`] shares its header with the other rows of the file and knows its file and line, so that every message can name
//! them. Nothing here knows scripts or the API.

mod advice;
mod charset;
mod columns;
mod csv;
mod decode;
mod delimiter;
mod draw;
mod error;
mod format;
mod formula;
mod header;
mod hints;
mod input;
mod likely_header;
mod position;
mod quote_problem;
mod quoted_lines;
mod readings;
mod record;
mod row;
mod workbook;
mod workbook_writer;
mod write;

pub use self::advice::Advice;
pub use self::charset::Charset;
pub use self::columns::{ColumnOptions, match_key};
pub use self::csv::{CsvOptions, CsvReader};
pub use self::draw::{draw, drawn_size};
pub use self::error::{Error, ErrorKind};
pub use self::formula::escape_formula;
pub use self::header::Header;
pub use self::input::{display_name, read_bytes, read_lines};
pub use self::row::Row;
pub use self::workbook::{SheetChoice, Workbook, WorkbookOptions, is_workbook};
pub use self::workbook_writer::{Cell, WorkbookError, WorkbookWriter, check_sheet_names};
pub use self::write::{CsvWriter, WriteOptions, ensure_writable, replace_file};
