//! Lists of existing sessions that are fetched in the background.

use std::cell::RefCell;
use std::collections::HashMap;

use tokio::task::JoinHandle;

use crate::api;
use crate::bulk::ExistingSessions;

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
