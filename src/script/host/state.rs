//! What a host keeps while a script runs: caches, the plan that is evaluated, and what the plan shows at its end.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::task::JoinHandle;

use crate::api::{self, Assessment};
use crate::bulk::{AssessmentDeadline, ExistingSessions, Interpretations, Target};
use crate::interpretation::Interpretation;
use crate::time::Holidays;

/// The assessments that were fetched.
#[derive(Debug)]
pub(super) struct AssessmentCache {
    /// Id or name of the run's assessment.
    pub(super) selected: RefCell<Option<String>>,
    pub(super) known: RefCell<HashMap<String, Arc<Target>>>,
    /// The request for the run's assessment that runs in the background.
    pub(super) pending_lookup: RefCell<Option<PendingLookup>>,
}

#[derive(Debug)]
pub(super) struct PendingLookup {
    pub(super) reference: String,
    pub(super) handle: JoinHandle<Result<Assessment, api::Error>>,
}

impl AssessmentCache {
    /// Creates an empty cache; `selected` is the id or name of the run's assessment.
    pub(super) fn of(selected: Option<String>) -> Self {
        Self {
            selected: RefCell::new(selected),
            known: RefCell::default(),
            pending_lookup: RefCell::default(),
        }
    }

    /// Adds an assessment that was found by `reference`. Its deadline is shown in `zone`.
    pub(super) fn remember(
        &self,
        reference: &str,
        found: Assessment,
        zone: &TimeZone,
    ) -> Arc<Target> {
        let due_date = found.due_date.as_ref();
        let target = Arc::new(Target {
            label: found.label().to_owned(),
            is_active: found.is_active,
            deadline: due_date.map(|time| AssessmentDeadline::of(time, zone)),
            id: found.id,
        });
        let mut known = self.known.borrow_mut();
        known.insert(reference.to_owned(), Arc::clone(&target));
        target
    }
}

pub(in crate::script) type SessionList = JoinHandle<Result<ExistingSessions, api::Error>>;

/// Lists that were begun and not taken yet, by assessment.
#[derive(Debug, Default)]
pub(super) struct SessionLists(RefCell<HashMap<String, SessionList>>);

impl SessionLists {
    pub(super) fn add(&self, assessment: &str, list: SessionList) {
        self.0.borrow_mut().insert(assessment.to_owned(), list);
    }

    pub(super) fn take(&self, assessment: &str) -> Option<SessionList> {
        self.0.borrow_mut().remove(assessment)
    }

    /// Ends all lists. They would be outdated when they are needed.
    pub(super) fn abandon(&self) {
        for (_, list) in self.0.borrow_mut().drain() {
            list.abort();
        }
    }
}

/// Holiday files that were read, so that a plan of many rows reads each once. A file that has changed is read again.
#[derive(Default)]
pub(in crate::script) struct HolidayFiles(
    pub(in crate::script) RefCell<HashMap<PathBuf, (FileVersion, Rc<Holidays>)>>,
);

/// The time of the last change of a file, and its length.
pub(in crate::script) type FileVersion = Option<(SystemTime, u64)>;

/// A plan that is being evaluated.
#[derive(Clone, Copy, Debug)]
pub(in crate::script) struct Planning {
    /// The time that `now()` returns.
    pub(super) since: Timestamp,
    /// The function that plans.
    pub(super) function: &'static str,
}

/// Counts how often a script lists sessions and sleeps.
#[derive(Debug, Default)]
pub(super) struct PollTracker {
    has_polled: Cell<bool>,
    /// Sleeps after a poll.
    rounds: Cell<u32>,
    sleeps: Cell<u32>,
}

impl PollTracker {
    pub(super) fn record_poll(&self) {
        self.has_polled.set(true);
    }

    /// Counts a sleep, and returns how many there were.
    pub(super) fn count_sleep(&self) -> u32 {
        self.sleeps.set(self.sleeps.get() + 1);
        self.sleeps.get()
    }

    /// Records a sleep, and returns whether the script has polled, slept, polled again and slept again.
    pub(super) fn is_stuck_after_sleep(&self) -> bool {
        let has_polled = self.has_polled.replace(false);
        self.rounds.set(self.rounds.get() + u32::from(has_polled));
        self.rounds.get() > 1
    }
}

/// How many conditions are remembered.
const MAX_CONDITIONS: usize = 20;

/// Conditions by their text.
#[derive(Default)]
pub(in crate::script) struct Conditions(RefCell<BTreeMap<String, Condition>>);

struct Condition {
    column: String,
    value: String,
    /// Rows with the value are left out, not the others.
    excludes: bool,
    /// Whether a row has the value.
    has_matched: bool,
}

impl Conditions {
    /// Records that a row was compared with the condition `text`.
    pub(in crate::script) fn record(
        &self,
        text: &str,
        (column, value): (&str, &str),
        excludes: bool,
        has_value: bool,
    ) {
        let mut conditions = self.0.borrow_mut();
        if let Some(condition) = conditions.get_mut(text) {
            condition.has_matched |= has_value;
        } else if conditions.len() < MAX_CONDITIONS {
            let condition = Condition {
                column: column.to_owned(),
                value: value.to_owned(),
                excludes,
                has_matched: has_value,
            };
            conditions.insert(text.to_owned(), condition);
        }
    }

    /// Describes the conditions whose value no row has, and forgets all.
    pub(in crate::script) fn take_notes(&self) -> Vec<String> {
        let conditions = self.0.take();
        let unmatched = conditions.into_iter().filter(|(_, each)| !each.has_matched);
        unmatched
            .map(|(text, each)| {
                let left_out = if each.excludes { "nobody" } else { "everybody" };
                format!(
                    "no row has `{}` in the column `{}`, so the condition `{text}` leaves out {left_out}",
                    each.value, each.column
                )
            })
            .collect()
    }
}

/// How many interpretations a row may have; further ones are dropped.
const MAX_OF_ROW: usize = 20;

/// Interpretations of the row that is evaluated, and those outside of rows.
#[derive(Default)]
pub(in crate::script) struct InterpretationLog {
    row: RefCell<Option<Vec<Interpretation>>>,
    outside_rows: RefCell<Interpretations>,
}

impl InterpretationLog {
    /// Starts to collect the interpretations of a row.
    pub(super) fn begin_row(&self) {
        self.row.replace(Some(Vec::new()));
    }

    /// Returns the interpretations of the row, which ends.
    pub(in crate::script) fn take_row(&self) -> Vec<Interpretation> {
        self.row.take().unwrap_or_default()
    }

    /// Returns the interpretations outside of rows since the last call.
    pub(in crate::script) fn take_outside_rows(&self) -> Interpretations {
        mem::take(&mut self.outside_rows.borrow_mut())
    }

    pub(super) fn record(&self, interpretation: Interpretation) {
        match &mut *self.row.borrow_mut() {
            Some(row) => {
                // What a function returned as its reading of a value may be read again.
                let is_known = row.iter().any(|known| {
                    *known == interpretation
                        || known.reading.as_ref() == Some(&interpretation.value)
                });
                if row.len() < MAX_OF_ROW && !is_known {
                    row.push(interpretation);
                }
            }
            None => self.outside_rows.borrow_mut().add(None, interpretation),
        }
    }
}
