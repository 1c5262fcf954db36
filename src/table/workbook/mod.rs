//! Reading the sheets of an Excel workbook.
//!
//! [`archive`] vets the file, [`cell`] makes text of a cell, [`sheet`] makes rows of cells, and [`open`] finds the sheet.

mod archive;
mod cell;
mod open;
mod sheet;

pub use self::open::{SheetChoice, Workbook, WorkbookOptions};
