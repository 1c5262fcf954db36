//! Between two steps of a script: whether it has to end.

use super::memory;
use crate::interrupt::Interrupt;
use crate::script::error::ending::Ending;

/// Returns the ending that is due, if the user interrupted the script or it used too much memory. Costs next to nothing.
pub(in crate::script) fn ending_due(interrupt: &Interrupt) -> Option<Ending> {
    if interrupt.is_set() {
        return Some(Ending::Interrupted);
    }
    memory::is_exhausted().then_some(Ending::OutOfMemory)
}
