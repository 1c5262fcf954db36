//! The header of a file: its columns, and the other names they can be read by.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::advice::Advice;
use super::{Error, ErrorKind};
use crate::interpretation::Interpretation;

/// The columns of a file, shared by all of its rows.
#[derive(Debug)]
pub struct Header {
    path: Arc<Path>,
    line: u64,
    columns: Vec<String>,
    /// Where the record that names the columns has no name, by index. These columns are left out if they are empty.
    unnamed: Vec<usize>,
    aliases: Arc<[Alias]>,
    /// Whether each column was read.
    read: Arc<[AtomicBool]>,
    hidden: Hidden,
    advice: OnceLock<Advice>,
    /// What to know about values, in the order of the lines of their rows.
    remarks: OnceLock<Arc<[(u64, Interpretation)]>>,
}

/// What a workbook hides, by a filter or by hand.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden {
    /// The hidden rows, in order.
    pub(super) lines: Arc<[u64]>,
    /// Whether they are left out.
    pub(super) are_skipped: bool,
    /// The indexes of hidden columns.
    pub(super) columns: Arc<[usize]>,
    /// The name of the sheet, if the whole sheet is hidden.
    pub(super) sheet: Option<Arc<str>>,
}

/// Another name for a column. It is ambiguous if several columns could be meant: then none of them is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Alias {
    pub(super) name: String,
    pub(super) columns: Vec<usize>,
}

impl Header {
    /// Creates the header of the file `path`.
    pub fn new(path: PathBuf, columns: Vec<String>) -> Self {
        Self {
            path: path.into(),
            line: 1,
            read: columns.iter().map(|_| AtomicBool::new(false)).collect(),
            columns,
            unnamed: Vec::new(),
            aliases: Arc::default(),
            hidden: Hidden::default(),
            advice: OnceLock::new(),
            remarks: OnceLock::new(),
        }
    }

    /// Adds the indexes where the record that names the columns has no name.
    pub(super) fn with_unnamed(self, unnamed: Vec<usize>) -> Self {
        Self { unnamed, ..self }
    }

    /// Returns the number of fields of a record: the columns with and without a name.
    pub(super) fn width(&self) -> usize {
        self.columns.len() + self.unnamed.len()
    }

    /// Returns whether a record may have `count` fields. Columns without a name may be missing at its end.
    pub(super) fn fits(&self, count: usize) -> bool {
        let mut width = self.width();
        for unnamed in self.unnamed.iter().rev() {
            if count == width || *unnamed + 1 != width {
                break;
            }
            width -= 1;
        }
        count == width
    }

    /// Returns the indexes where the record that names the columns has no name.
    pub(super) fn unnamed(&self) -> &[usize] {
        &self.unnamed
    }

    /// Returns the texts in the columns that have a name. The record starts at `line`; fields that are missing at its end
    /// are empty.
    pub(super) fn named_fields<'a>(
        &self,
        line: u64,
        fields: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<&'a str>, Error> {
        let mut named = Vec::with_capacity(self.columns.len());
        for (index, field) in fields.enumerate() {
            if self.unnamed.binary_search(&index).is_err() {
                named.push(field);
            } else if !field.trim().is_empty() {
                return Err(Error::at(
                    &*self.path,
                    self.line,
                    ErrorKind::UnnamedColumn {
                        column: index + 1,
                        value_line: line,
                    },
                ));
            }
        }
        Ok(named)
    }

    /// Returns the index of the column that is at `position` of a record, from 0; `None` if it has no name.
    pub(super) fn index_at(&self, position: usize) -> Option<usize> {
        let before = self.unnamed.binary_search(&position).err()?;
        Some(position - before)
    }

    /// Returns the number of the column with this index in the file, from 1.
    fn number(&self, index: usize) -> usize {
        let add = |number, unnamed: &usize| number + usize::from(*unnamed < number);
        self.unnamed.iter().fold(index + 1, add)
    }

    /// Adds where else in the file the rows may be.
    pub(super) fn set_advice(&self, advice: Advice) {
        // Only one pass over a file examines it.
        let _ = self.advice.set(advice);
    }

    /// Adds what to know about values, with the lines of their rows, in order.
    pub(super) fn set_remarks(&self, remarks: Vec<(u64, Interpretation)>) {
        if !remarks.is_empty() {
            let _ = self.remarks.set(remarks.into());
        }
    }

    /// Returns what to know about the values of the row in `line`.
    pub(super) fn remarks(&self, line: u64) -> impl Iterator<Item = &Interpretation> {
        let all = self.remarks.get().map_or(&[][..], |remarks| remarks);
        let first = all.partition_point(|(other, _)| *other < line);
        let rest = all.get(first..).unwrap_or_default().iter();
        rest.take_while(move |(other, _)| *other == line)
            .map(|(_, remark)| remark)
    }

    /// Adds where else in the file the rows may be to an error.
    pub(super) fn advised(&self, error: Error) -> Error {
        match self.advice() {
            Some(advice) => error.with_advice(advice),
            None => error,
        }
    }

    /// Returns where else in the file the rows may be.
    pub fn advice(&self) -> Option<&Advice> {
        self.advice.get()
    }

    /// Adds aliases. The header is in `line` of the file.
    pub(super) fn with_aliases(self, line: u64, aliases: Vec<Alias>) -> Self {
        Self {
            line,
            aliases: aliases.into(),
            ..self
        }
    }

    /// Adds what the workbook hides. `is_hidden` says which columns are hidden, by their numbers, from 1.
    pub(super) fn with_hidden(self, hidden: &Hidden, is_hidden: impl Fn(usize) -> bool) -> Self {
        let indexes = 0..self.columns.len();
        let columns = indexes.filter(|index| is_hidden(self.number(*index)));
        Self {
            hidden: Hidden {
                columns: columns.collect(),
                ..hidden.clone()
            },
            ..self
        }
    }

    /// Returns the indexes of hidden columns.
    pub fn hidden_columns(&self) -> &[usize] {
        &self.hidden.columns
    }

    /// Returns the name of the sheet if the sheet is hidden.
    pub fn hidden_sheet(&self) -> Option<&str> {
        self.hidden.sheet.as_deref()
    }

    /// Returns whether the sheet hides the row in `line`.
    pub(super) fn is_hidden(&self, line: u64) -> bool {
        self.hidden.lines.binary_search(&line).is_ok()
    }

    /// Returns whether hidden rows are left out.
    pub fn skips_hidden_rows(&self) -> bool {
        self.hidden.are_skipped
    }

    /// Records that the column with this index is read.
    pub(super) fn mark_read(&self, index: usize) {
        if let Some(read) = self.read.get(index)
            && !read.load(Ordering::Relaxed)
        {
            read.store(true, Ordering::Relaxed);
        }
    }

    /// Records that all columns are read.
    pub fn mark_all_read(&self) {
        (0..self.columns.len()).for_each(|index| self.mark_read(index));
    }

    /// Returns whether the column with this index was read.
    pub fn is_read(&self, index: usize) -> bool {
        let read = self.read.get(index);
        read.is_none_or(|read| read.load(Ordering::Relaxed))
    }

    /// Returns the names that the column with this index can be read by in addition to its own.
    pub fn aliases_of(&self, index: usize) -> impl Iterator<Item = &str> {
        let aliases = self.aliases.iter();
        aliases
            .filter(move |alias| alias.columns.contains(&index))
            .map(|alias| alias.name.as_str())
    }

    /// Returns the column names in file order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns the file that the rows come from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the file that the rows come from, to be kept longer than the rows.
    pub fn shared_path(&self) -> Arc<Path> {
        Arc::clone(&self.path)
    }

    /// Returns the names that columns can be read by in addition to their own.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(|alias| alias.name.as_str())
    }

    /// Returns the index of the column that the name or alias `column` means.
    pub(super) fn index(&self, column: &str) -> Option<usize> {
        let own = self.columns.iter().position(|name| name == column);
        own.or_else(|| match self.alias(column)?.columns.as_slice() {
            [index] => Some(*index),
            _ => None,
        })
    }

    /// Returns the column that the name or alias `name` means, as the file spells it.
    pub fn column(&self, name: &str) -> Option<&str> {
        self.columns.get(self.index(name)?).map(String::as_str)
    }

    /// Returns the error of reading `column` if it could mean several columns.
    pub fn ambiguity(&self, column: &str) -> Option<Error> {
        if self.index(column).is_some() {
            return None;
        }
        let found = self.alias(column)?.columns.iter();
        Some(Error::at(
            &*self.path,
            self.line,
            ErrorKind::AmbiguousColumns {
                name: column.to_owned(),
                found: found
                    .filter_map(|&index| {
                        Some((self.columns.get(index)?.clone(), self.number(index)))
                    })
                    .collect(),
            },
        ))
    }

    fn alias(&self, name: &str) -> Option<&Alias> {
        self.aliases.iter().find(|alias| alias.name == name)
    }

    /// Returns this header with another column at the end.
    pub(super) fn with_column(&self, column: &str) -> Self {
        let mut columns = self.columns.clone();
        columns.push(column.to_owned());
        Self {
            path: self.shared_path(),
            line: self.line,
            columns,
            unnamed: self.unnamed.clone(),
            aliases: Arc::clone(&self.aliases),
            read: Arc::clone(&self.read),
            hidden: self.hidden.clone(),
            advice: self.advice.clone(),
            remarks: self.remarks.clone(),
        }
    }
}
