//! Standard input as a file, which can be read only once in the life of a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Standard input of the process. Clones share one state; `main` makes the first.
///
/// Once it is taken, `-` cannot be read any more, and prompts have to use the controlling terminal.
#[derive(Clone, Debug, Default)]
pub struct Stdin {
    is_taken: Arc<AtomicBool>,
}

impl Stdin {
    /// Takes standard input; returns `false` if it was taken before.
    #[must_use = "standard input that was taken before must not be read"]
    pub fn take(&self) -> bool {
        !self.is_taken.swap(true, Ordering::Relaxed)
    }

    /// Returns whether standard input was taken.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.is_taken.load(Ordering::Relaxed)
    }
}
