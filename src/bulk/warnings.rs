//! Warnings about the rows of a plan, in bounded memory: all are counted, and the first of each kind are kept.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::invitation::Problem;
use crate::ledger::{FileLocation, Row};
use crate::people::NameIssue;

/// How many rows of each kind are kept.
const SAMPLE_SIZE: usize = 50;
/// How many reasons for skipping are kept apart.
const MAX_REASONS: usize = 20;
const OTHER_REASONS: &str = "other reasons";

/// The source of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOrigin {
    /// Its position in the list, from 1.
    pub number: u32,
    /// The file and line, if it was read from a file.
    pub location: Option<(Arc<str>, u64)>,
}

/// Warnings of one kind: how many rows have it, and the first of these rows.
#[derive(Clone, Debug)]
pub struct Sample<T> {
    pub total: u64,
    pub first: Vec<(RowOrigin, T)>,
}

/// A row with the same candidate as an earlier one.
#[derive(Clone, Debug)]
pub struct DuplicateRow {
    /// The earlier row, which is sent.
    pub first: RowOrigin,
    /// The name that is sent and the one that is not, if they differ.
    pub names: Option<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub struct Warnings {
    pub problems: Sample<Problem>,
    pub duplicates: Sample<DuplicateRow>,
    /// Names that are probably wrong, except single words.
    pub doubtful_names: Sample<(String, NameIssue)>,
    /// Names of one word. Lists with short addresses have many of them, which would hide the other doubtful names.
    pub single_words: Sample<String>,
    /// Skipped rows by reason.
    pub skipped: BTreeMap<String, Sample<()>>,
    /// How many rows belong to other shards.
    pub other_shards: u64,
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
}

impl Warnings {
    pub(super) fn add_name_issue(&mut self, name: &str, name_issue: NameIssue, origin: RowOrigin) {
        match name_issue {
            NameIssue::OneWord => self.single_words.add(origin, name.to_owned()),
            _ => self
                .doubtful_names
                .add(origin, (name.to_owned(), name_issue)),
        }
    }

    pub(super) fn add_skipped(&mut self, reason: &str, origin: RowOrigin) {
        let has_room = self.skipped.len() < MAX_REASONS || self.skipped.contains_key(reason);
        let reason = if has_room { reason } else { OTHER_REASONS };
        let sample = self.skipped.entry(reason.to_owned()).or_default();
        sample.add(origin, ());
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
