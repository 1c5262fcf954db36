//! Options for reading a sheet.

use crate::table::columns::ColumnOptions;

/// How to read a sheet.
#[derive(Clone, Debug, Default)]
pub struct WorkbookOptions {
    pub sheet: SheetChoice,
    /// The first row of the table, from 1; rows above it are ignored.
    pub start_row: u32,
    /// Accept a sheet without rows.
    pub allow_empty: bool,
    /// Remove white space around every cell.
    pub trim: bool,
    /// Mark the rows that the sheet hides as left out.
    pub skip_hidden: bool,
    pub columns: ColumnOptions,
}

/// Which sheet to read.
#[derive(Clone, Debug, Default)]
pub enum SheetChoice {
    /// The first visible sheet.
    #[default]
    First,
    /// The number among the visible sheets, from 1.
    Number(usize),
    /// The name; the sheet may be hidden.
    Named(String),
}
