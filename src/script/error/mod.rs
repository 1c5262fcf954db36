//! Errors that a script can catch, and terminations that it cannot.

pub(super) mod diagnostic;
pub(super) mod script_error;
pub(super) mod termination;
pub(super) mod throw;
