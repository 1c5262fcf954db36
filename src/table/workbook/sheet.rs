//! Turning the cells of a sheet into rows.
//!
//! The first row with a value names the columns, from its first value on. A row without values of its own is skipped. A
//! cell that is merged over several rows has its value in each of them, as you would read it; a cell that is merged over
//! several columns has it in the first.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use calamine::DataRef;

use super::archive::damaged;
use super::cell;
use super::options::WorkbookOptions;
use super::properties::SheetProperties;
use crate::interpretation::Interpretation;
use crate::people::{parse_email, parse_mailto};
use crate::table::advice::Advice;
use crate::table::csv::check_address;
use crate::table::header::Hidden;
use crate::table::likely_header::{SAMPLE_LINES, likely_header};
use crate::table::{Error, ErrorKind, Header, Row};

/// The most rows and columns of a sheet.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// The most bytes of text in a row, as in a CSV file.
const MAX_ROW: usize = 1024 * 1024;

const STRUCK: &str = "the row is struck through in the workbook";
const OTHER_LINK: &str = "the link behind the address leads to another one";

/// Collects the cells of a sheet, which arrive from left to right and top to bottom, into rows.
pub(super) struct Grid<'a> {
    path: &'a Path,
    options: &'a WorkbookOptions,
    header: Option<HeaderColumns>,
    /// The current row, from 0.
    row: u32,
    /// The texts of the current row by column.
    texts: Vec<String>,
    /// The columns of the current row whose formulas failed, with what they show.
    errors: Vec<(u32, String)>,
    properties: SheetProperties,
    /// The columns of the current row with text that is struck through.
    struck: Vec<u32>,
    /// What to know about cells, with the lines of their rows.
    remarks: Vec<(u64, Interpretation)>,
    /// By column, a text that applies to the rows below too.
    merged_texts: BTreeMap<u32, MergedText>,
    /// The bytes of the texts of the current row.
    length: usize,
    /// Rows are assembled here.
    buffer: Vec<u8>,
    has_rows: bool,
    hidden: Hidden,
    advice: Advice,
    /// The first rows below the header, with their lines.
    sample: Vec<(u64, Vec<String>)>,
    /// What is wrong with the columns, and the row that names them. The rows below may show where the header is.
    rejected: Option<(Error, Vec<String>)>,
}

/// The text of a cell that is merged over several rows.
struct MergedText {
    text: String,
    last_row: u32,
    is_error: bool,
}

struct HeaderColumns {
    header: Arc<Header>,
    /// The column of the sheet where the header starts.
    first: usize,
    /// Every row must be an address.
    are_addresses: bool,
}

impl<'a> Grid<'a> {
    pub(super) fn new(
        path: &'a Path,
        options: &'a WorkbookOptions,
        mut properties: SheetProperties,
        hidden_sheet: Option<Arc<str>>,
        advice: Advice,
    ) -> Self {
        let hidden = Hidden {
            lines: std::mem::take(&mut properties.hidden_rows).into(),
            are_skipped: options.skip_hidden,
            columns: Arc::default(),
            sheet: hidden_sheet,
        };
        Self {
            path,
            options,
            header: None,
            row: 0,
            texts: Vec::new(),
            errors: Vec::new(),
            properties,
            struck: Vec::new(),
            remarks: Vec::new(),
            merged_texts: BTreeMap::new(),
            length: 0,
            buffer: Vec::new(),
            has_rows: false,
            hidden,
            advice,
            sample: Vec::new(),
            rejected: None,
        }
    }

    /// Adds a cell. Returns the previous row if the cell starts another one.
    pub(super) fn add(
        &mut self,
        (row, column): (u32, u32),
        value: &DataRef,
        formula: Option<&str>,
    ) -> Result<Option<Row>, Error> {
        let is_empty = *value == DataRef::Empty && formula.is_none();
        if is_empty || u64::from(row) + 1 < u64::from(self.options.start_row) {
            return Ok(None);
        }
        if row >= ROWS || column >= COLUMNS || row < self.row {
            return Err(self.damaged("a cell is out of place"));
        }
        let done = if row > self.row {
            self.finish_row()?
        } else {
            None
        };
        self.row = row;
        if *value == DataRef::Empty {
            return Err(Error::at(
                self.path,
                u64::from(row) + 1,
                ErrorKind::FormulaNotCalculated {
                    cell: cell::name(row, column),
                },
            ));
        }
        let style = self.properties.style((row, column));
        let is_struck = style.is_some_and(|style| style.is_struck);
        let text = cell::styled_text(value, style).unwrap_or_else(|shown| {
            self.errors.push((column, shown.clone()));
            shown
        });
        if is_struck && !is_blank(&text) {
            self.struck.push(column);
        }
        let link = formula.and_then(linked_address);
        let link = link.as_deref().or(self.properties.link((row, column)));
        if let Some(address) = link
            && parse_email(&text).is_ok_and(|text| !text.eq_ignore_ascii_case(address))
        {
            let reading = format!("the link is to `{address}`");
            let remark = Interpretation::with_reading(&text, OTHER_LINK, reading);
            self.remarks.push((u64::from(row) + 1, remark));
        }
        let text = if self.options.trim {
            text.trim().to_owned()
        } else {
            text
        };
        self.length += text.len();
        self.ensure_row_fits(self.length)?;
        if let Some(last) = self.properties.merged.get(&(row, column)) {
            let merged = MergedText {
                text: text.clone(),
                last_row: *last,
                is_error: self.errors.last().is_some_and(|(last, _)| *last == column),
            };
            self.merged_texts.insert(column, merged);
        }
        let column = column as usize;
        if self.texts.len() <= column {
            self.texts.resize(column + 1, String::new());
        }
        if !self.texts[column].is_empty() {
            return Err(self.damaged("a cell has two values"));
        }
        self.texts[column] = text;
        Ok(done)
    }

    /// Returns what is wrong with the columns, with what the rows below show.
    fn rejection(&mut self) -> Option<Error> {
        let advice = self.advice();
        let (error, _) = self.rejected.take()?;
        Some(error.with_advice(&advice))
    }

    fn damaged(&self, reason: &str) -> Error {
        let (reason, user_hint) = damaged(&reason);
        Error::new(self.path, ErrorKind::InvalidWorkbook { reason, user_hint })
    }

    /// Ends the sheet and returns the last row.
    pub(super) fn finish(mut self) -> Result<Option<Row>, Error> {
        let last = self.finish_row()?;
        let path = self.path.to_owned();
        if let Some(error) = self.rejection() {
            return Err(error);
        }
        if self.header.is_none() && (self.options.columns.header || !self.options.allow_empty) {
            let header = self.options.columns.header;
            return Err(self.advised(Error::new(path, ErrorKind::Empty { header })));
        }
        if !self.has_rows && !self.options.allow_empty {
            return Err(self.advised(Error::new(path, ErrorKind::NoRows)));
        }
        if let Some(columns) = &self.header {
            columns.header.set_advice(self.advice());
            columns.header.set_remarks(self.remarks);
        }
        Ok(last)
    }

    /// Adds where else the rows may be to an error.
    fn advised(&self, error: Error) -> Error {
        error.with_advice(&self.advice())
    }

    /// Looks for a header below the row that was read as the header.
    fn advice(&self) -> Advice {
        let named = self.header.as_ref().map(|columns| columns.header.columns());
        let rejected = self.rejected.as_ref().map(|(_, texts)| texts.as_slice());
        let header = named.or(rejected).filter(|_| self.options.columns.header);
        let likely_header = header.and_then(|header| {
            let rows = self.sample.iter().map(|(line, row)| (*line, texts_of(row)));
            likely_header(texts_of(header), rows)
        });
        Advice {
            likely_header,
            ..self.advice.clone()
        }
    }

    /// Turns the collected texts into a row; the first row names the columns.
    fn finish_row(&mut self) -> Result<Option<Row>, Error> {
        let mut texts = std::mem::take(&mut self.texts);
        let mut errors = std::mem::take(&mut self.errors);
        let struck = std::mem::take(&mut self.struck);
        self.length = 0;
        let Some(first) = texts.iter().position(|text| !is_blank(text)) else {
            return Ok(None);
        };
        let line = u64::from(self.row) + 1;
        if self.rejected.is_some() {
            self.sample.push((line, texts));
            if self.sample.len() == SAMPLE_LINES
                && let Some(error) = self.rejection()
            {
                return Err(error);
            }
            return Ok(None);
        }
        let Some(columns) = &self.header else {
            if self.options.columns.header
                && let Some((column, shown)) = errors.first()
            {
                return Err(Error::at(
                    self.path,
                    line,
                    ErrorKind::FormulaError {
                        cell: cell::name(self.row, *column),
                        shown: shown.clone(),
                    },
                ));
            }
            let row = self.name_columns(line, texts, first)?;
            let errors: Vec<usize> = errors.iter().map(|(column, _)| *column as usize).collect();
            return Ok(row.map(|row| row.with_errors(&errors)));
        };
        self.merged_texts
            .retain(|_, merged| merged.last_row >= self.row);
        let merged = self.merged_texts.values();
        self.ensure_row_fits(merged.map(|merged| merged.text.len()).sum())?;
        for (column, merged) in &self.merged_texts {
            let index = *column as usize;
            if texts.len() <= index {
                texts.resize(index + 1, String::new());
            }
            if texts[index].is_empty() {
                texts[index].clone_from(&merged.text);
                if merged.is_error {
                    errors.push((*column, merged.text.clone()));
                }
            }
        }
        // A row is struck through if its first value is, or half of them are.
        let values = texts.iter().filter(|text| !is_blank(text)).count();
        let is_first = struck
            .first()
            .is_some_and(|column| *column as usize == first);
        if !struck.is_empty() && (is_first || struck.len() * 2 >= values) {
            let remark = Interpretation::new(&texts[first], STRUCK);
            self.remarks.push((line, remark));
        }
        if self.sample.len() < SAMPLE_LINES {
            self.sample.push((line, texts.clone()));
        }
        let count = columns.header.width();
        let inside = columns.first..columns.first + count;
        let is_beyond =
            |(index, text): &(usize, &String)| !is_blank(text) && !inside.contains(index);
        if let Some((index, _)) = texts.iter().enumerate().find(is_beyond) {
            return Err(self.advised(Error::at(
                self.path,
                line,
                ErrorKind::CellOutsideColumns {
                    cell: cell::name(self.row, u32::try_from(index).unwrap_or(COLUMNS)),
                    columns: count,
                },
            )));
        }
        self.has_rows = true;
        let fields = texts.iter().skip(columns.first).map(String::as_str);
        let fields = columns.header.named_fields(line, fields);
        let fields = fields.map_err(|error| self.advised(error))?;
        let header = Arc::clone(&columns.header);
        let errors = errors
            .iter()
            .filter_map(|(column, _)| header.index_at(*column as usize - columns.first));
        let errors: Vec<usize> = errors.collect();
        let row = Row::new(header.clone(), line, fields, &mut self.buffer).with_errors(&errors);
        if columns.are_addresses {
            check_address(&row)?;
        }
        Ok(Some(row))
    }

    /// Checks the number of bytes of the texts of the current row. Cells can share one long text, and merged cells repeat theirs
    /// in every row, so a small file can have very long rows.
    fn ensure_row_fits(&self, length: usize) -> Result<(), Error> {
        if length <= MAX_ROW {
            return Ok(());
        }
        Err(Error::at(
            self.path,
            u64::from(self.row) + 1,
            ErrorKind::RowTooLong { limit: MAX_ROW },
        ))
    }

    /// Takes the column names from the first row; without a header, returns it as a row.
    fn name_columns(
        &mut self,
        line: u64,
        mut texts: Vec<String>,
        first: usize,
    ) -> Result<Option<Row>, Error> {
        let options = &self.options.columns;
        while texts.last().is_some_and(|text| is_blank(text)) {
            texts.pop();
        }
        // A header starts with its first name. A row of values may start and end with empty cells.
        let first = if options.header { first } else { 0 };
        if !options.header && texts.len() < options.columns.len() {
            texts.resize(options.columns.len(), String::new());
        }
        let fields = || texts.iter().skip(first).map(String::as_str);
        let named = match options.name(self.path, line, fields()) {
            Err(error) if error.is_about_columns() => {
                self.rejected = Some((error, texts));
                return Ok(None);
            }
            named => named?,
        };
        let is_hidden = |number| {
            self.properties
                .hidden_columns
                .iter()
                .any(|it| it.contains(&(first + number)))
        };
        let header = Arc::new(named.header.with_hidden(&self.hidden, is_hidden));
        self.header = Some(HeaderColumns {
            header: Arc::clone(&header),
            first,
            are_addresses: named.is_address_list,
        });
        if !named.first_is_row {
            // A name that is merged over two rows is not a value in the second.
            self.merged_texts.clear();
            return Ok(None);
        }
        self.has_rows = true;
        Ok(Some(Row::new(header, line, fields(), &mut self.buffer)))
    }
}

/// Returns the address in a formula that makes a link.
fn linked_address(formula: &str) -> Option<String> {
    let (function, rest) = formula.split_once("(\"")?;
    let (link, _) = rest.split_once('"')?;
    let is_link = function.trim().eq_ignore_ascii_case("hyperlink");
    parse_mailto(link).filter(|_| is_link)
}

fn texts_of(row: &[String]) -> Vec<&str> {
    row.iter().map(String::as_str).collect()
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
