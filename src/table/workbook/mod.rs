//! Reading the sheets of an Excel workbook.
//!
//! [`archive`] validates the file, [`open`] finds the sheet, [`cell`] turns a cell into text, and [`sheet`] cells into rows.

mod archive;
mod cell;
mod open;
mod options;
mod sheet;

pub use self::open::Workbook;
pub use self::options::{SheetChoice, WorkbookOptions};
