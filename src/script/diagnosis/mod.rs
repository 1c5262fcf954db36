//! What goes wrong: raised for a script to catch, and told to a person.

pub(super) mod diagnose;
pub(super) mod ending;
pub(super) mod failure;
pub(super) mod habits;
pub(super) mod throw;
pub(super) mod unknown;
