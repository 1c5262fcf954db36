//! Warnings about the rows of a plan, in bounded memory: all are counted, and the first of each kind are kept.

use std::collections::BTreeMap;

use super::difference_samples::DifferenceSamples;
use super::interpretations::Interpretations;
use super::problem::Problems;
use super::sample::{RowOrigin, Sample};
use crate::ledger::{Row, RowState};
use crate::people::NameIssue;

/// How many reasons for skipping are kept apart.
const MAX_REASONS: usize = 20;
const OTHER_REASONS: &str = "other reasons";

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
    pub problems: Problems,
    pub duplicates: Sample<DuplicateRow>,
    /// Names that are probably wrong, except single words.
    pub doubtful_names: Sample<(String, NameIssue)>,
    /// Names of one word. Lists with short addresses have many of them, which would hide the other doubtful names.
    pub single_words: Sample<String>,
    /// Names that an earlier row with another address has.
    pub shared_names: Sample<String>,
    /// Skipped rows by reason.
    pub skipped: BTreeMap<String, Sample<()>>,
    /// Rows about sessions that get a result without being sent, by the state that they get and by reason, each with its candidate.
    pub settled: BTreeMap<RowState, BTreeMap<String, Sample<String>>>,
    /// Skipped rows whose address must not be invited, by list, each with the line of the list.
    pub never_invited: BTreeMap<String, Sample<u64>>,
    /// How existing sessions differ from what was asked for.
    pub differences: DifferenceSamples,
    /// How many rows belong to other shards.
    pub other_shards: u64,
    /// Rows that a workbook hides.
    pub hidden: HiddenRows,
    /// Values of rows to send that were read in a way that a person should see.
    pub interpretations: Interpretations,
    /// Other warnings, each a line.
    pub notes: Vec<String>,
}

/// Rows that a workbook hides, by a filter or by hand, and that are not skipped for that.
#[derive(Clone, Debug, Default)]
pub struct HiddenRows {
    pub total: u64,
    /// Those that are to be invited.
    pub invited: Sample<()>,
    /// The numbers of these rows, in order.
    numbers: Vec<u32>,
}

impl HiddenRows {
    pub(super) fn add_invited(&mut self, origin: RowOrigin) {
        self.numbers.push(origin.number);
        self.invited.add(origin, ());
    }

    /// Forgets a row that is not invited after all.
    pub(super) fn remove_invited(&mut self, number: u32) {
        if let Ok(index) = self.numbers.binary_search(&number) {
            self.numbers.remove(index);
            self.invited.total -= 1;
            self.invited
                .first
                .retain(|(origin, ())| origin.number != number);
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

    pub(super) fn add_never_invited(&mut self, list: &str, list_line: u64, origin: RowOrigin) {
        let sample = self.never_invited.entry(list.to_owned()).or_default();
        sample.add(origin, list_line);
    }

    pub(super) fn add_skipped(&mut self, reason: &str, origin: RowOrigin) {
        add_by_reason(&mut self.skipped, reason, origin, ());
    }

    pub(super) fn add_settled(&mut self, state: RowState, reason: &str, row: &Row) {
        let samples = self.settled.entry(state).or_default();
        add_by_reason(samples, reason, RowOrigin::of(row), row.label());
    }
}

fn add_by_reason<T>(
    samples: &mut BTreeMap<String, Sample<T>>,
    reason: &str,
    origin: RowOrigin,
    detail: T,
) {
    let has_room = samples.len() < MAX_REASONS || samples.contains_key(reason);
    let reason = if has_room { reason } else { OTHER_REASONS };
    let sample = samples.entry(reason.to_owned()).or_default();
    sample.add(origin, detail);
}
