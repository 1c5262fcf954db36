//! Marks that a script asked for a value that is too large, in places that cannot raise an error.

use std::cell::Cell;

thread_local! {
    /// Not part of the host, as Rhai calls conversions without any context.
    static IS_MARKED: Cell<bool> = const { Cell::new(false) };
}

/// Ends the script of this thread at its next step.
pub(super) fn mark() {
    IS_MARKED.set(true);
}

/// Clears the mark, for the script that starts now on this thread.
pub(in crate::script) fn clear() {
    IS_MARKED.set(false);
}

pub(super) fn is_marked() -> bool {
    IS_MARKED.get()
}
