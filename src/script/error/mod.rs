//! What goes wrong: raised for a script to catch, and ends that it cannot catch.

pub(super) mod diagnostic;
pub(super) mod script_error;
pub(super) mod termination;
pub(super) mod throw;
