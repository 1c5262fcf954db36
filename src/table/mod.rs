//! Rows of people as they stand in files: reading CSV, workbooks and plain lists, writing CSV.
//!
//! A [`Row`] shares its header with its siblings and knows its file and line, so that every later complaint can name
//! them. Nothing here knows scripts or the API.

mod columns;
mod csv;
mod cure;
mod delimiter;
mod draw;
mod encoding;
mod error;
mod formula;
mod input;
mod lines;
mod place;
mod record;
mod row;
mod text;
mod workbook;
mod write;

pub use self::columns::{ColumnOptions, NamedBy, loose};
pub use self::csv::{Csv, CsvOptions};
pub use self::draw::draw;
pub use self::encoding::Charset;
pub use self::error::Error;
pub use self::formula::harmless;
pub use self::input::{claim_stdin, named, read_bytes, stdin_is_data};
pub use self::lines::{Line, read_lines};
pub use self::row::{Header, Row};
pub use self::workbook::{SheetChoice, Workbook, WorkbookOptions};
pub use self::write::{CsvDraft, WriteOptions, ensure_writable, replace_file};
