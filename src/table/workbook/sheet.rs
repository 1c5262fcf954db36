//! From the cells of a sheet to rows.
//!
//! The first row with a value names the columns, from its first value on. A row without a value of its own is none. A cell
//! that is merged over several rows has its value in each of them that is one, as a person reads it; one that is merged
//! over several columns has it in the first.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use calamine::{DataRef, Dimensions};

use super::archive::damaged;
use super::cell;
use super::open::WorkbookOptions;
use crate::table::{Error, Header, Row};

/// Rows and columns that a sheet can have.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// A sheet while its cells come in, from left to right and from top to bottom.
pub(super) struct Grid<'a> {
    path: &'a Path,
    options: &'a WorkbookOptions,
    header: Option<HeaderColumns>,
    /// The row that cells come for.
    row: u32,
    /// Its texts by column, up to the last one that came.
    texts: Vec<String>,
    /// The last row of each cell that is merged over several rows.
    merged: HashMap<(u32, u32), u32>,
    /// By column, a text that goes on in the rows below, and the last of those.
    merged_texts: BTreeMap<u32, (String, u32)>,
    /// Where each row is put together.
    buffer: Vec<u8>,
    any: bool,
}

struct HeaderColumns {
    header: Arc<Header>,
    /// The column of the sheet that the first one is.
    first: usize,
}

impl<'a> Grid<'a> {
    pub(super) fn new(path: &'a Path, options: &'a WorkbookOptions, merged: &[Dimensions]) -> Self {
        let over_rows = merged.iter().filter(|area| area.end.0 > area.start.0);
        Self {
            path,
            options,
            header: None,
            row: 0,
            texts: Vec::new(),
            merged: over_rows.map(|area| (area.start, area.end.0)).collect(),
            merged_texts: BTreeMap::new(),
            buffer: Vec::new(),
            any: false,
        }
    }

    /// Takes a cell; returns the row before it, if it is the first of another.
    pub(super) fn add(
        &mut self,
        (row, column): (u32, u32),
        value: &DataRef,
        is_formula: bool,
    ) -> Result<Option<Row>, Error> {
        let is_empty = *value == DataRef::Empty && !is_formula;
        if is_empty || u64::from(row) + 1 < u64::from(self.options.start_row) {
            return Ok(None);
        }
        if row >= ROWS || column >= COLUMNS || row < self.row {
            let (reason, user_hint) = damaged(&"a cell is out of place");
            return Err(Error::InvalidWorkbook {
                path: self.path.to_owned(),
                reason,
                user_hint,
            });
        }
        let done = if row > self.row {
            self.finish_row()?
        } else {
            None
        };
        self.row = row;
        if *value == DataRef::Empty {
            return Err(Error::FormulaNotCalculated {
                path: self.path.to_owned(),
                line: u64::from(row) + 1,
                cell: cell::name(row, column),
            });
        }
        let text = cell::text(value).map_err(|shown| Error::FormulaError {
            path: self.path.to_owned(),
            line: u64::from(row) + 1,
            cell: cell::name(row, column),
            shown,
        })?;
        let text = if self.options.trim {
            text.trim().to_owned()
        } else {
            text
        };
        if let Some(last) = self.merged.get(&(row, column)) {
            self.merged_texts.insert(column, (text.clone(), *last));
        }
        let column = column as usize;
        if self.texts.len() <= column {
            self.texts.resize(column + 1, String::new());
        }
        self.texts[column] = text;
        Ok(done)
    }

    /// Returns the last row.
    pub(super) fn finish(mut self) -> Result<Option<Row>, Error> {
        let last = self.finish_row()?;
        let path = self.path.to_owned();
        if self.header.is_none() && (self.options.columns.header || !self.options.allow_empty) {
            let header = self.options.columns.header;
            return Err(Error::Empty { path, header });
        }
        if !self.any && !self.options.allow_empty {
            return Err(Error::NoRows { path });
        }
        Ok(last)
    }

    /// Makes a row of the texts that came; the first one names the columns.
    fn finish_row(&mut self) -> Result<Option<Row>, Error> {
        let mut texts = std::mem::take(&mut self.texts);
        let Some(first) = texts.iter().position(|text| !is_blank(text)) else {
            return Ok(None);
        };
        let line = u64::from(self.row) + 1;
        let Some(columns) = &self.header else {
            return self.name_columns(line, texts, first);
        };
        self.merged_texts.retain(|_, (_, last)| *last >= self.row);
        for (column, (text, _)) in &self.merged_texts {
            match texts.get_mut(*column as usize) {
                Some(own) if own.is_empty() => own.clone_from(text),
                Some(_) => {}
                None => {
                    texts.resize(*column as usize, String::new());
                    texts.push(text.clone());
                }
            }
        }
        let count = columns.header.columns().len();
        let inside = columns.first..columns.first + count;
        let is_beyond =
            |(index, text): &(usize, &String)| !is_blank(text) && !inside.contains(index);
        if let Some((index, _)) = texts.iter().enumerate().find(is_beyond) {
            return Err(Error::CellOutsideColumns {
                path: self.path.to_owned(),
                line,
                cell: cell::name(self.row, u32::try_from(index).unwrap_or(COLUMNS)),
                columns: count,
            });
        }
        self.any = true;
        let fields = texts.iter().skip(columns.first).map(String::as_str);
        let header = Arc::clone(&columns.header);
        Ok(Some(Row::new(header, line, fields, &mut self.buffer)))
    }

    /// Takes the names of the columns from the first row, or the row for one without names.
    fn name_columns(
        &mut self,
        line: u64,
        mut texts: Vec<String>,
        first: usize,
    ) -> Result<Option<Row>, Error> {
        let naming = &self.options.columns;
        while texts.last().is_some_and(|text| is_blank(text)) {
            texts.pop();
        }
        // Names begin where the table does. A row of values may begin and end with nothing.
        let first = if naming.header { first } else { 0 };
        if !naming.header && texts.len() < naming.columns.len() {
            texts.resize(naming.columns.len(), String::new());
        }
        let fields = || texts.iter().skip(first).map(String::as_str);
        let header = Arc::new(naming.name(self.path, line, fields())?);
        self.header = Some(HeaderColumns {
            header: Arc::clone(&header),
            first,
        });
        if naming.header {
            // A name that is merged over two rows is no value of the second.
            self.merged_texts.clear();
            return Ok(None);
        }
        self.any = true;
        Ok(Some(Row::new(header, line, fields(), &mut self.buffer)))
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
