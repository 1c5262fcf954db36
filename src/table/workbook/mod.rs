//! Reading the sheets of an Excel workbook.
//!
//! [`archive`] validates the file, [`open`] finds the sheet, [`properties`] what it hides and merges, [`styles`] how cells look,
//! [`cell`] turns a cell into text, and [`sheet`] cells into rows. [`parts`] reads the XML of the archive.

mod archive;
mod cell;
mod open;
mod options;
mod parts;
mod properties;
mod sheet;
mod styles;

pub use self::open::{Workbook, is_workbook};
pub use self::options::{SheetChoice, WorkbookOptions};
