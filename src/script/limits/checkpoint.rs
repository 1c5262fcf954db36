//! The check between two steps of a script.

use std::ops::ControlFlow;

use rhai::EvalAltResult;

use super::oversized_value;
use super::unread_output::UnreadOutput;
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
        let is_out = self.memory.is_exceeded() || oversized_value::is_marked();
        is_out.then_some(Termination::OutOfMemory(self.memory.limit()))
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
