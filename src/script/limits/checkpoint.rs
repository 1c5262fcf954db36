//! The check between two steps of a script.

use super::memory::MemoryMonitor;
use crate::interrupt::Interrupt;
use crate::script::error::termination::Termination;

/// What may end a script between two steps. Clones share one state.
#[derive(Clone, Debug)]
pub(in crate::script) struct Checkpoint {
    pub(in crate::script) interrupt: Interrupt,
    pub(in crate::script) memory: MemoryMonitor,
}

impl Checkpoint {
    /// Returns why the script must end now: the user interrupted it, or it uses too much memory. This is cheap to call.
    pub(in crate::script) fn pending_termination(&self) -> Option<Termination> {
        if self.interrupt.is_set() {
            return Some(Termination::Interrupted);
        }
        self.memory
            .is_exhausted()
            .then_some(Termination::OutOfMemory)
    }
}
