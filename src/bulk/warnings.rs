//! What is worth saying about the rows of a plan, in bounded memory: all are counted, the first ones are kept.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Problem;
use crate::ledger::FileLocation;
use crate::people::NameIssue;

/// How many rows of a kind are kept.
const SAMPLE_SIZE: usize = 50;
/// How many reasons to skip are told apart.
const MAX_REASONS: usize = 20;
const OTHER_REASONS: &str = "other reasons";

/// Where a row came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOrigin {
    /// Its place among the rows given, from 1.
    pub number: u32,
    /// Its file and line, where it was read from one.
    pub location: Option<(Arc<str>, u64)>,
}

/// A kind of remark: how many rows it is about, and the first of them.
#[derive(Clone, Debug)]
pub struct Sample<T> {
    /// How many there are.
    pub total: u64,
    /// The first ones.
    pub first: Vec<(RowOrigin, T)>,
}

/// What a row repeats.
#[derive(Clone, Debug)]
pub struct DuplicateRow {
    /// The earlier row, which is sent.
    pub first: RowOrigin,
    /// The name that is sent and the one that is not, where they differ.
    pub names: Option<(String, String)>,
}

/// What is worth saying about the rows of a plan.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    /// Rows that cannot be sent.
    pub problems: Sample<Problem>,
    /// Rows whose address stands in an earlier one.
    pub duplicates: Sample<DuplicateRow>,
    /// Names that are probably none, with the reason; but for those that are one word.
    pub suspicious_names: Sample<(String, NameIssue)>,
    /// Names that are one word. They are many where addresses are short, and would hide the others.
    pub single_words: Sample<String>,
    /// Rows that are left out, by reason.
    pub skipped: BTreeMap<String, Sample<()>>,
    /// Rows that belong to other shares.
    pub other_shards: u64,
}

impl RowOrigin {
    /// Names a row by what the ledger knows of its place.
    pub(super) fn new(number: u32, location: Option<FileLocation>, files: &[Arc<str>]) -> Self {
        let named = |(file, line): FileLocation| Some((files.get(file as usize).cloned()?, line));
        Self {
            number,
            location: location.and_then(named),
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
    pub(super) fn add(&mut self, origin: RowOrigin, what: T) {
        self.total += 1;
        if self.first.len() < SAMPLE_SIZE {
            self.first.push((origin, what));
        }
    }
}

impl Warnings {
    pub(super) fn name_issue(&mut self, name: &str, name_issue: NameIssue, origin: RowOrigin) {
        match name_issue {
            NameIssue::OneWord => self.single_words.add(origin, name.to_owned()),
            _ => self
                .suspicious_names
                .add(origin, (name.to_owned(), name_issue)),
        }
    }

    pub(super) fn skip(&mut self, reason: &str, origin: RowOrigin) {
        let room = self.skipped.len() < MAX_REASONS || self.skipped.contains_key(reason);
        let reason = if room { reason } else { OTHER_REASONS };
        if let Some(sample) = self.skipped.get_mut(reason) {
            sample.add(origin, ());
        } else {
            self.skipped
                .entry(reason.to_owned())
                .or_default()
                .add(origin, ());
        }
    }
}

/// Shows file and line, or the row's number where it came from no file.
impl fmt::Display for RowOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some((path, line)) => write!(f, "{path} line {line}"),
            None => write!(f, "row {}", self.number),
        }
    }
}
