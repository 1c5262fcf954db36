//! Writing a workbook: sheets with a header, real numbers and dates, and text that stays text. Nothing is a formula.
//!
//! Rows go to a temporary file as they are added, so that memory does not grow with their number.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use jiff::civil;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Error;
use super::write::{atomic_file_for, unwritable};
use crate::file_access::{AtomicFile, ResolvedPath};
use crate::text::display_width;

/// The most rows below the header that a sheet can have.
const MAX_ROWS: u32 = 1_048_575;
/// The most columns that a sheet can have.
const MAX_COLUMNS: usize = 16_384;
/// The most characters of a cell, in UTF-16.
const MAX_CELL: usize = 32_767;
/// Excel keeps 15 digits of a number. A longer one is written as text.
const MAX_EXACT_INT: u64 = 999_999_999_999_999;
/// The rows that decide about the width of the columns.
const MEASURED_ROWS: u32 = 1_000;
/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// Text, whatever it looks like.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// `TRUE` or `FALSE`.
    Bool(bool),
    /// A date and time, and the zone that it is in. Excel has no zones, so it is part of the number format.
    Time(civil::DateTime, String),
}

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    #[error(transparent)]
    File(#[from] Error),
    #[error("Excel refuses the sheet name `{name}`: {reason}")]
    SheetName { name: String, reason: &'static str },
    #[error(
        "the sheet `{sheet}` would have more than {MAX_ROWS} rows below its header, the most that Excel opens"
    )]
    TooManyRows { sheet: String },
    #[error(
        "the sheet `{sheet}` would have {columns} columns, and Excel opens at most {MAX_COLUMNS}"
    )]
    TooManyColumns { sheet: String, columns: usize },
    #[error(
        "row {row} of the sheet `{sheet}` has a text of {length} characters in the column `{column}`, and Excel keeps at most {MAX_CELL}"
    )]
    LongText {
        sheet: String,
        row: u32,
        column: String,
        length: usize,
    },
}

/// A workbook that is being written. It replaces the old file in [`finish`](Self::finish); if dropped before, nothing changes.
pub struct WorkbookWriter {
    path: PathBuf,
    file: AtomicFile,
    workbook: Workbook,
    header: Format,
    formats: HashMap<String, Format>,
    sheet: Option<SheetProgress>,
}

/// The sheet that rows are added to.
struct SheetProgress {
    name: String,
    columns: Vec<String>,
    rows: u32,
    widths: Vec<usize>,
}

impl WorkbookWriter {
    /// Starts writing `file`.
    pub fn create(file: &ResolvedPath) -> Result<Self, Error> {
        let path = file.name();
        Ok(Self {
            path: path.to_owned(),
            file: atomic_file_for(file).map_err(unwritable(path))?,
            workbook: Workbook::new(),
            header: Format::new().set_bold(),
            formats: HashMap::new(),
            sheet: None,
        })
    }

    /// Adds a sheet with `columns` as its first row. Its name was [checked](check_sheet_names).
    pub fn add_sheet(&mut self, name: &str, columns: &[String]) -> Result<(), WorkbookError> {
        self.finish_sheet()?;
        if columns.len() > MAX_COLUMNS {
            let (sheet, columns) = (name.to_owned(), columns.len());
            return Err(WorkbookError::TooManyColumns { sheet, columns });
        }
        self.sheet = Some(SheetProgress {
            name: name.to_owned(),
            columns: columns.to_vec(),
            rows: 0,
            widths: columns.iter().map(|name| display_width(name)).collect(),
        });
        let header = self.header.clone();
        let written = self
            .workbook
            .add_worksheet_with_constant_memory()
            .and_then(|sheet| {
                sheet.set_name(name)?.set_freeze_panes(1, 0)?;
                for (at, name) in (0..).zip(columns) {
                    sheet.write_string_with_format(0, at, name, &header)?;
                }
                Ok(())
            });
        written.map_err(|error| self.unwritable(error))
    }

    /// Adds a row to the sheet that was added last.
    pub fn add_row(&mut self, cells: &[Cell]) -> Result<(), WorkbookError> {
        let Some(progress) = &mut self.sheet else {
            return Ok(());
        };
        progress.rows += 1;
        let row = progress.rows;
        progress.check(cells)?;
        if row <= MEASURED_ROWS {
            for (width, cell) in progress.widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.width());
            }
        }
        for cell in cells {
            if let Cell::Time(_, zone) = cell
                && !self.formats.contains_key(zone)
            {
                self.formats.insert(zone.clone(), time_format(zone));
            }
        }
        let Some(sheet) = self.workbook.worksheets_mut().last_mut() else {
            return Ok(());
        };
        let written = (0..)
            .zip(cells)
            .try_for_each(|(column, cell)| write_cell(sheet, (row, column), cell, &self.formats));
        written.map_err(|error| self.unwritable(error))
    }

    /// Replaces the old file in one step: readers see the old file or the new one.
    pub fn finish(mut self) -> Result<(), WorkbookError> {
        self.finish_sheet()?;
        let mut buffer = BufWriter::new(self.file.file());
        let saved = self.workbook.save_to_writer(&mut buffer);
        let flushed = buffer.flush();
        drop(buffer);
        saved.map_err(|error| self.unwritable(error))?;
        let finished = flushed.and_then(|()| self.file.finish());
        Ok(finished.map_err(unwritable(&self.path))?)
    }

    /// Sets the widths of the columns of the sheet that was added last.
    fn finish_sheet(&mut self) -> Result<(), WorkbookError> {
        let Some(progress) = self.sheet.take() else {
            return Ok(());
        };
        let Some(sheet) = self.workbook.worksheets_mut().last_mut() else {
            return Ok(());
        };
        let written = (0..).zip(progress.widths).try_for_each(|(column, width)| {
            let (min, max) = WIDTHS;
            let width = u16::try_from((width + 2).clamp(min, max)).unwrap_or(u16::MAX);
            sheet.set_column_width(column, width).map(drop)
        });
        written.map_err(|error| self.unwritable(error))
    }

    fn unwritable(&self, error: XlsxError) -> WorkbookError {
        let source = match error {
            XlsxError::IoError(source) => source,
            other => io::Error::other(other),
        };
        unwritable(&self.path)(source).into()
    }
}

impl SheetProgress {
    /// Checks the limits of Excel for the row that is added now.
    fn check(&self, cells: &[Cell]) -> Result<(), WorkbookError> {
        if self.rows > MAX_ROWS {
            let sheet = self.name.clone();
            return Err(WorkbookError::TooManyRows { sheet });
        }
        for (column, cell) in self.columns.iter().zip(cells) {
            if let Cell::Text(text) = cell
                && text.len() > MAX_CELL
            {
                let length = text.encode_utf16().count();
                if length > MAX_CELL {
                    return Err(WorkbookError::LongText {
                        sheet: self.name.clone(),
                        row: self.rows + 1,
                        column: column.clone(),
                        length,
                    });
                }
            }
        }
        Ok(())
    }
}

impl Cell {
    fn width(&self) -> usize {
        match self {
            Self::Blank => 0,
            Self::Text(text) => text.lines().map(display_width).max().unwrap_or(0),
            Self::Int(number) => number.to_string().len(),
            Self::Float(number) => number.to_string().len(),
            Self::Bool(_) => "FALSE".len(),
            Self::Time(_, zone) => "2030-01-31 23:59:59 ".len() + zone.len(),
        }
    }
}

/// Checks the names of all sheets of a workbook. Excel refuses some, and ignores the case of two that are the same.
pub fn check_sheet_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), WorkbookError> {
    let mut known = HashSet::new();
    for name in names {
        let is_new = known.insert(name.to_lowercase());
        if let Some(reason) = refusal(name).or((!is_new).then_some("another sheet has it")) {
            let name = name.to_owned();
            return Err(WorkbookError::SheetName { name, reason });
        }
    }
    Ok(())
}

/// Returns why Excel refuses the name of a sheet.
fn refusal(name: &str) -> Option<&'static str> {
    let is_forbidden = |letter: char| "[]:*?/\\".contains(letter) || letter.is_control();
    if name.trim().is_empty() {
        Some("it is empty")
    } else if name.encode_utf16().count() > 31 {
        Some("it has more than 31 characters")
    } else if name.contains(is_forbidden) {
        Some("it contains one of `[ ] : * ? / \\`, or a control character")
    } else if name.starts_with('\'') || name.ends_with('\'') {
        Some("it starts or ends with an apostrophe")
    } else if name.eq_ignore_ascii_case("history") {
        Some("Excel uses it itself")
    } else {
        None
    }
}

/// The format of times in a zone: the zone is shown after each.
fn time_format(zone: &str) -> Format {
    let zone = zone.replace('"', "");
    Format::new().set_num_format(format!("yyyy-mm-dd hh:mm:ss \"{zone}\""))
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &HashMap<String, Format>,
) -> Result<(), XlsxError> {
    let written = match cell {
        Cell::Blank => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, text),
        Cell::Int(number) if number.unsigned_abs() > MAX_EXACT_INT => {
            sheet.write_string(row, column, number.to_string())
        }
        #[expect(clippy::cast_precision_loss, reason = "it has at most 15 digits")]
        Cell::Int(number) => sheet.write_number(row, column, *number as f64),
        Cell::Float(number) if !number.is_finite() => {
            sheet.write_string(row, column, number.to_string())
        }
        Cell::Float(number) => sheet.write_number(row, column, *number),
        Cell::Bool(flag) => sheet.write_boolean(row, column, *flag),
        Cell::Time(time, zone) => match (excel_time(*time), formats.get(zone)) {
            (Some(excel), Some(format)) => {
                sheet.write_datetime_with_format(row, column, excel, format)
            }
            _ => sheet.write_string(row, column, format!("{time} {zone}")),
        },
    };
    written.map(drop)
}

/// Returns a time as Excel stores it; `None` if Excel has no such date.
fn excel_time(time: civil::DateTime) -> Option<ExcelDateTime> {
    let unsigned = |part: i8| u8::try_from(part).ok();
    let year = u16::try_from(time.year())
        .ok()
        .filter(|year| *year >= 1900)?;
    let date = ExcelDateTime::from_ymd(year, unsigned(time.month())?, unsigned(time.day())?);
    let (hour, minute) = (u16::from(unsigned(time.hour())?), unsigned(time.minute())?);
    date.and_then(|date| date.and_hms(hour, minute, f64::from(time.second())))
        .ok()
}
