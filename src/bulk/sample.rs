//! Rows with something in common: all are counted, and the first are kept.

use std::fmt;
use std::sync::Arc;

use crate::ledger::{FileLocation, Row};

/// How many rows of each kind are kept.
const SAMPLE_SIZE: usize = 50;

/// The source of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOrigin {
    /// Its position in the list, from 1.
    pub number: u32,
    /// The file and line, if it was read from a file.
    pub location: Option<(Arc<str>, u64)>,
}

/// Rows of one kind: how many there are, and the first of these rows.
#[derive(Clone, Debug)]
pub struct Sample<T> {
    pub total: u64,
    pub first: Vec<(RowOrigin, T)>,
}

impl RowOrigin {
    pub(super) fn of(row: &Row) -> Self {
        Self {
            number: row.number,
            location: row.file.clone().zip(row.line),
        }
    }

    /// Resolves a location, whose file is an index into `files`.
    pub(super) fn new(number: u32, location: Option<FileLocation>, files: &[Arc<str>]) -> Self {
        let resolve = |(file, line): FileLocation| Some((files.get(file as usize).cloned()?, line));
        Self {
            number,
            location: location.and_then(resolve),
        }
    }
}

impl<T> Default for Sample<T> {
    fn default() -> Self {
        Self {
            total: 0,
            first: Vec::new(),
        }
    }
}

impl<T> Sample<T> {
    pub(super) fn add(&mut self, origin: RowOrigin, detail: T) {
        self.total += 1;
        if self.first.len() < SAMPLE_SIZE {
            self.first.push((origin, detail));
        }
    }

    /// Adds a row that comes in any order, and keeps those with the lowest numbers.
    pub(super) fn add_unordered(&mut self, origin: RowOrigin, detail: T) {
        self.total += 1;
        let position = self
            .first
            .partition_point(|(other, _)| other.number < origin.number);
        if position < SAMPLE_SIZE {
            self.first.truncate(SAMPLE_SIZE - 1);
            self.first.insert(position, (origin, detail));
        }
    }
}

/// Shows file and line, or the row's number if it was not read from a file.
impl fmt::Display for RowOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some((path, line)) => write!(f, "{path} line {line}"),
            None => write!(f, "row {}", self.number),
        }
    }
}
