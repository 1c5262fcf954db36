//! Rows of people as they stand in files: reading and writing CSV and plain lists.
//!
//! A [`Row`] shares its header with its siblings and knows its file and line, so that every later complaint can name
//! them. Nothing here knows scripts or the API.

mod csv;
mod draw;
mod error;
mod lines;
mod record;
mod row;
mod write;

pub use self::csv::{Csv, CsvOptions};
pub use self::draw::draw;
pub use self::error::Error;
pub use self::lines::{Line, read_lines};
pub use self::row::{Header, Row};
pub use self::write::{CsvDraft, replace_file, write_csv};
