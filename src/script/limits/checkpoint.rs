//! The check between two steps of a script.

use super::memory::MemoryMonitor;
use super::unread_output::UnreadOutput;
use crate::interrupt::Interrupt;
use crate::script::error::termination::Termination;

/// What may end a script between two steps. Clones share one state.
#[derive(Clone, Debug)]
pub(in crate::script) struct Checkpoint {
    pub(in crate::script) interrupt: Interrupt,
    pub(in crate::script) memory: MemoryMonitor,
    pub(in crate::script) unread_output: UnreadOutput,
}

impl Checkpoint {
    /// Returns why the script must end now: the user interrupted it, it uses too much memory, or nothing reads what
    /// it prints. This is cheap to call.
    pub(in crate::script) fn pending_termination(&self) -> Option<Termination> {
        if self.interrupt.is_set() {
            return Some(Termination::Interrupted);
        }
        if self.memory.is_exhausted() {
            return Some(Termination::OutOfMemory);
        }
        self.unread_output
            .take_excess()
            .then_some(Termination::UnreadOutput)
    }
}
