//! Errors explained to people: where, how it came to it, and what to do.

pub(super) mod diagnose;
pub(super) mod foreign_syntax;
pub(super) mod function_locations;
pub(super) mod unknown_name;
