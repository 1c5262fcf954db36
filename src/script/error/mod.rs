//! What goes wrong: raised for a script to catch, and ends that it cannot catch.

pub(super) mod ending;
pub(super) mod failure;
pub(super) mod script_error;
pub(super) mod throw;
