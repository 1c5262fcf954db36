//! The bound on memory.
//!
//! Rhai's own size limits measure nested data again at every mutating call, which makes building a long array quadratic.
//! So the allocator counts, and the engine asks it between two operations. Rows are made on one thread and dropped on
//! another, which mimalloc is good at.

use cap::Cap;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

/// Most memory the process may hold while a script runs, in bytes.
pub(super) const LIMIT: usize = 2 * 1024 * 1024 * 1024;

/// Tells whether the process holds more memory than a script may use.
pub(super) fn is_exhausted() -> bool {
    ALLOCATOR.allocated() > LIMIT
}
