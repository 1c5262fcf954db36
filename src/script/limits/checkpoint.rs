//! The check between two steps of a script, and the reasons to end a script there: an interrupt, the memory limit, a value that is too
//! large but cannot raise an error, and output that nothing reads any more.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;

use rhai::EvalAltResult;

use crate::interrupt::Interrupt;
use crate::memory::MemoryWatch;
use crate::script::error::termination::Termination;

/// What may end a script between two steps. Clones share one state.
#[derive(Clone, Debug)]
pub(in crate::script) struct Checkpoint {
    pub(in crate::script) interrupt: Interrupt,
    pub(in crate::script) memory: MemoryWatch,
    pub(in crate::script) unread_output: UnreadOutput,
}

impl Checkpoint {
    /// Returns why the script must end now: the user interrupted it, it uses too much memory, or nothing reads what
    /// it prints. This is cheap to call.
    pub(in crate::script) fn pending_termination(&self) -> Option<Termination> {
        if self.interrupt.is_set() {
            return Some(Termination::Interrupted);
        }
        if let Some(termination) = self.out_of_memory() {
            return Some(termination);
        }
        self.unread_output
            .take_excess()
            .then_some(Termination::UnreadOutput)
    }

    /// Returns whether the process holds more memory than it may, or would after what the script asked for.
    pub(in crate::script) fn out_of_memory(&self) -> Option<Termination> {
        let is_out = self.memory.is_exceeded() || is_value_oversized();
        is_out.then_some(Termination::OutOfMemory(self.memory.limit))
    }

    /// Watches a long call that is one step of a script.
    pub(in crate::script) fn watch(self) -> WatchedCall {
        WatchedCall {
            checkpoint: self,
            ended: None,
        }
    }
}

/// A call that works on one item after another, and has to end if the script must end.
pub(in crate::script) struct WatchedCall {
    checkpoint: Checkpoint,
    ended: Option<Termination>,
}

impl WatchedCall {
    /// Returns whether to go on with the next item.
    pub(in crate::script) fn go_on(&mut self) -> ControlFlow<()> {
        self.ended = self.checkpoint.pending_termination();
        match self.ended {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    /// Ends the script if the call had to end early.
    pub(in crate::script) fn finish(self) -> Result<(), Box<EvalAltResult>> {
        self.ended.map_or(Ok(()), |ended| Err(ended.into()))
    }
}

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

thread_local! {
    /// Not part of the host, as Rhai calls conversions without any context.
    static IS_VALUE_OVERSIZED: Cell<bool> = const { Cell::new(false) };
}

/// Ends the script of this thread at its next step.
pub(super) fn mark_oversized_value() {
    IS_VALUE_OVERSIZED.set(true);
}

/// Clears the mark, for the script that starts now on this thread.
pub(in crate::script) fn clear_oversized_value() {
    IS_VALUE_OVERSIZED.set(false);
}

fn is_value_oversized() -> bool {
    IS_VALUE_OVERSIZED.get()
}
