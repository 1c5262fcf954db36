//! Requests that are held: a test learns that they have come, and says when they are answered.

use std::sync::{Arc, Condvar, Mutex};

use crate::support::PATIENCE;

/// Where requests wait until the test lets them go. Clones are one.
#[derive(Clone, Default)]
pub(crate) struct Hold {
    shared: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    arrived: usize,
    /// How many the test has waited for.
    awaited: usize,
    is_open: bool,
}

impl Hold {
    /// Tells of an arrival, and waits until the test lets it go on.
    pub(crate) fn pass(&self) {
        let (state, changed) = &*self.shared;
        let mut state = state.lock().unwrap();
        state.arrived += 1;
        changed.notify_all();
        drop(changed.wait_timeout_while(state, PATIENCE, |state| !state.is_open));
    }

    /// Waits until so many more have arrived.
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
        assert!(arrived >= awaited, "{arrived} of {awaited} requests came");
    }

    /// Lets go who is held, and everybody who comes later.
    pub(crate) fn release(&self) {
        let (state, changed) = &*self.shared;
        state.lock().unwrap().is_open = true;
        changed.notify_all();
    }
}
