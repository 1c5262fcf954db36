//! Reading the sheets of an Excel workbook.
//!
//! [`archive`] validates the file, [`open`] finds the sheet, [`hidden`] what it hides, [`cell`] turns a cell into text, and
//! [`sheet`] cells into rows.

mod archive;
mod cell;
mod hidden;
mod open;
mod options;
mod sheet;

pub use self::open::{Workbook, is_workbook};
pub use self::options::{SheetChoice, WorkbookOptions};
