//! Bounds on what a script may use.

pub(super) mod bounded_builtins;
pub(super) mod checkpoint;
pub(super) mod memory;
pub(super) mod text_size;
