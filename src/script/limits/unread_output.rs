//! Ends a script that prints without end although nothing reads its output any more.

use std::cell::Cell;
use std::rc::Rc;

/// How many lines a script may print in succession into a closed pipe. A script that sends is not stopped for its output, so
/// every request to the API and every planned row starts the count again.
const MAX_LINES: u32 = 100_000;

/// Counts the lines that could not be written since the script last did something else. Clones share one state.
#[derive(Clone, Debug, Default)]
pub(in crate::script) struct UnreadOutput(Rc<Cell<u32>>);

impl UnreadOutput {
    pub(in crate::script) fn record(&self, is_written: bool) {
        self.0.set(if is_written { 0 } else { self.0.get() + 1 });
    }

    pub(in crate::script) fn reset(&self) {
        self.0.set(0);
    }

    /// Returns whether the script must end. The count starts again, for the next input of a session.
    pub(in crate::script) fn take_excess(&self) -> bool {
        let is_excess = self.0.get() >= MAX_LINES;
        if is_excess {
            self.reset();
        }
        is_excess
    }
}
