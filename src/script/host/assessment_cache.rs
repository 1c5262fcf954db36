//! Assessments that requests are for: found by id or name, each asked for once, and which one is the run's own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::api::{self, Assessment};
use crate::bulk::Target;

/// The assessments that are known.
#[derive(Debug)]
pub(super) struct Targets {
    /// Id or name of the run's own.
    pub(super) own: RefCell<Option<String>>,
    pub(super) known: RefCell<HashMap<String, Arc<Target>>>,
    /// The run's own, which is being looked up while something else is done.
    pub(super) looked_up: RefCell<Option<LookUp>>,
}

#[derive(Debug)]
pub(super) struct LookUp {
    pub(super) reference: String,
    pub(super) answer: JoinHandle<Result<Assessment, api::Error>>,
}

impl Targets {
    /// Begins with none but the id or name of the run's own.
    pub(super) fn of(own: Option<String>) -> Self {
        Self {
            own: RefCell::new(own),
            known: RefCell::default(),
            looked_up: RefCell::default(),
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
