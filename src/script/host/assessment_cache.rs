//! Assessments that requests are for: found by id or name, each asked for once, and which one is the run's own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::api::{self, Assessment};
use crate::bulk::Target;

/// The assessments that are known.
#[derive(Debug)]
pub(super) struct AssessmentCache {
    /// Id or name of the run's own.
    pub(super) selected: RefCell<Option<String>>,
    pub(super) known: RefCell<HashMap<String, Arc<Target>>>,
    /// The run's own, which is being looked up while something else is done.
    pub(super) pending_lookup: RefCell<Option<PendingLookup>>,
}

#[derive(Debug)]
pub(super) struct PendingLookup {
    pub(super) reference: String,
    pub(super) handle: JoinHandle<Result<Assessment, api::Error>>,
}

impl AssessmentCache {
    /// Begins with none but the id or name of the run's own.
    pub(super) fn of(selected: Option<String>) -> Self {
        Self {
            selected: RefCell::new(selected),
            known: RefCell::default(),
            pending_lookup: RefCell::default(),
        }
    }

    pub(super) fn remember(&self, reference: &str, found: Assessment) -> Arc<Target> {
        let target = Arc::new(Target {
            label: found.label().to_owned(),
            is_active: found.is_active,
            id: found.id,
        });
        let mut known = self.known.borrow_mut();
        known.insert(reference.to_owned(), Arc::clone(&target));
        target
    }
}
