//! The cache of assessments by id or name, each fetched once, and which of them is selected for the run.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use tokio::task::JoinHandle;

use crate::api::{self, Assessment};
use crate::bulk::{AssessmentDeadline, Target};

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
