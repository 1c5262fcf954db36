//! Requests that are held back: a test waits for them to arrive, and decides when they are answered.

use std::sync::{Arc, Condvar, Mutex};

use crate::support::PATIENCE;

/// Holds requests until the test releases them. Clones share one state.
#[derive(Clone, Default)]
pub(crate) struct Hold {
    shared: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    arrived: usize,
    /// How many arrivals the test has waited for.
    awaited: usize,
    is_open: bool,
}

impl Hold {
    /// Counts an arrival, and waits until the test releases it.
    pub(crate) fn pass(&self) {
        let (state, changed) = &*self.shared;
        let mut state = state.lock().unwrap();
        state.arrived += 1;
        changed.notify_all();
        drop(changed.wait_timeout_while(state, PATIENCE, |state| !state.is_open));
    }

    /// Waits until `count` more requests have arrived.
    #[track_caller]
    pub(crate) fn await_arrivals(&self, count: usize) {
        let (state, changed) = &*self.shared;
        let mut state = state.lock().unwrap();
        state.awaited += count;
        let (state, _) = changed
            .wait_timeout_while(state, PATIENCE, |state| state.arrived < state.awaited)
            .unwrap();
        let State {
            arrived, awaited, ..
        } = *state;
        assert!(
            arrived >= awaited,
            "{arrived} of {awaited} requests arrived"
        );
    }

    /// Releases all requests that are held, and those that come later.
    pub(crate) fn release(&self) {
        let (state, changed) = &*self.shared;
        state.lock().unwrap().is_open = true;
        changed.notify_all();
    }
}
