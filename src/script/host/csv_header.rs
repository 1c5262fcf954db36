//! The columns of a CSV file, for completion.

use std::path::Path;

use crate::file_access::ResolvedPath;
use crate::table::{CsvOptions, CsvReader, is_workbook};
use crate::text::may_contain_key;

/// Returns the columns of the CSV file at `path`, for completion: `None` if it is not one, or cannot be read.
pub fn csv_columns(path: &str) -> Option<Vec<String>> {
    let file = ResolvedPath::from(Path::new(path));
    // Opening a pipe would wait for its other end.
    if !file.is_file() || is_workbook(&file) {
        return None;
    }
    let csv = CsvReader::open(&file, &CsvOptions::default()).ok()?;
    let columns = csv.header().columns().to_vec();
    let is_safe = |column: &String| !may_contain_key(column);
    columns.iter().all(is_safe).then_some(columns)
}
