//! Rows of people as they stand in files: reading CSV, workbooks and plain lists, writing CSV.
//!
//! A [`Row`] shares its header with its siblings and knows its file and line, so that every later complaint can name
//! them. Nothing here knows scripts or the API.

mod columns;
mod csv;
mod decode;
mod delimiter;
mod draw;
mod encoding;
mod error;
mod formula;
mod hints;
mod input;
mod lines;
mod position;
mod record;
mod row;
mod workbook;
mod write;

pub use self::columns::{ColumnOptions, ColumnSource, match_key};
pub use self::csv::{CsvOptions, CsvReader};
pub use self::draw::draw;
pub use self::encoding::Charset;
pub use self::error::Error;
pub use self::formula::escape_formula;
pub use self::input::{display_name, read_bytes};
pub use self::lines::{Line, read_lines};
pub use self::row::{Header, Row};
pub use self::workbook::{SheetChoice, Workbook, WorkbookOptions};
pub use self::write::{CsvWriter, WriteOptions, ensure_writable, replace_file};
