//! What is worth saying about the rows of a plan, in bounded memory: all are counted, the first ones are kept.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Problem;
use crate::ledger::Place;
use crate::people::Doubt;

/// How many rows of a kind are kept.
const KEPT: usize = 50;
/// How many reasons to skip are told apart.
const REASONS: usize = 20;
const OTHER_REASONS: &str = "other reasons";

/// Where a row came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its place among the rows given, from 1.
    pub number: u32,
    /// Its file and line, where it was read from one.
    pub place: Option<(Arc<str>, u64)>,
}

/// A kind of remark: how many rows it is about, and the first of them.
#[derive(Clone, Debug)]
pub struct Noted<T> {
    /// How many there are.
    pub total: u64,
    /// The first ones.
    pub first: Vec<(Origin, T)>,
}

/// What a row repeats.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// The earlier row, which is sent.
    pub first: Origin,
    /// The name that is sent and the one that is not, where they differ.
    pub names: Option<(String, String)>,
}

/// What is worth saying about the rows of a plan.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    /// Rows that cannot be sent.
    pub problems: Noted<Problem>,
    /// Rows whose address stands in an earlier one.
    pub duplicates: Noted<Repeated>,
    /// Names that are probably none, with the reason; but for those that are one word.
    pub doubtful: Noted<(String, Doubt)>,
    /// Names that are one word. They are many where addresses are short, and would hide the others.
    pub single_words: Noted<String>,
    /// Rows that are left out, by reason.
    pub skipped: BTreeMap<String, Noted<()>>,
    /// Rows that belong to other shares.
    pub elsewhere: u64,
}

impl Origin {
    /// Names a row by what the ledger knows of its place.
    pub(super) fn new(number: u32, place: Option<Place>, files: &[Arc<str>]) -> Self {
        let named = |(file, line): Place| Some((files.get(file as usize).cloned()?, line));
        Self {
            number,
            place: place.and_then(named),
        }
    }
}

impl<T> Default for Noted<T> {
    fn default() -> Self {
        Self {
            total: 0,
            first: Vec::new(),
        }
    }
}

impl<T> Noted<T> {
    pub(super) fn add(&mut self, origin: Origin, what: T) {
        self.total += 1;
        if self.first.len() < KEPT {
            self.first.push((origin, what));
        }
    }
}

impl Remarks {
    pub(super) fn doubt(&mut self, name: &str, doubt: Doubt, origin: Origin) {
        match doubt {
            Doubt::OneWord => self.single_words.add(origin, name.to_owned()),
            _ => self.doubtful.add(origin, (name.to_owned(), doubt)),
        }
    }

    pub(super) fn skip(&mut self, reason: &str, origin: Origin) {
        let room = self.skipped.len() < REASONS || self.skipped.contains_key(reason);
        let reason = if room { reason } else { OTHER_REASONS };
        if let Some(noted) = self.skipped.get_mut(reason) {
            noted.add(origin, ());
        } else {
            self.skipped
                .entry(reason.to_owned())
                .or_default()
                .add(origin, ());
        }
    }
}

/// Shows file and line, or the row's number where it came from no file.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some((path, line)) => write!(f, "{path} line {line}"),
            None => write!(f, "row {}", self.number),
        }
    }
}
