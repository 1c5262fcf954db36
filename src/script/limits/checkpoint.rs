//! Between two steps of a script: whether it has to end.

use super::memory;
use crate::interrupt::Interrupt;
use crate::script::error::termination::Termination;

/// Returns the ending that is due, if the user interrupted the script or it used too much memory. Costs next to nothing.
pub(in crate::script) fn ending_due(interrupt: &Interrupt) -> Option<Termination> {
    if interrupt.is_set() {
        return Some(Termination::Interrupted);
    }
    memory::is_exhausted().then_some(Termination::OutOfMemory)
}
