//! Reading the sheets of an Excel workbook.
//!
//! [`archive`] validates the file, [`open`] finds the sheet, [`properties`] what it hides and merges, [`cell`] turns a cell into
//! text, and [`sheet`] cells into rows.

mod archive;
mod cell;
mod open;
mod options;
mod properties;
mod sheet;

pub use self::open::{Workbook, is_workbook};
pub use self::options::{SheetChoice, WorkbookOptions};
