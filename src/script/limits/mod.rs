//! Bounds on what a script may use.

pub(super) mod bounds;
pub(super) mod checkpoint;
pub(super) mod memory;
pub(super) mod written;
