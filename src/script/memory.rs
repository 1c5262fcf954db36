//! The bound on memory.
//!
//! Rhai's own size limits measure nested data again at every mutating call, which makes building a long array quadratic.
//! So the allocator counts, and the engine asks it between two operations.

use std::alloc::System;

use cap::Cap;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Most memory the process may hold while a script runs, in bytes.
pub(super) const LIMIT: usize = 2 * 1024 * 1024 * 1024;

/// Tells whether the process holds more memory than a script may use.
pub(super) fn is_exhausted() -> bool {
    ALLOCATOR.allocated() > LIMIT
}
