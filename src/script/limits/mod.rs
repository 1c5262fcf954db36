//! Limits on memory and output size, and the check between two steps of a script.

pub(super) mod bounded_builtins;
pub(super) mod checkpoint;
pub(super) mod name_lookups;
pub(super) mod text_size;
