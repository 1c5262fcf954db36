//! Errors explained to users: what is wrong, where, and how to fix it.

pub(super) mod certain_fix;
pub(super) mod diagnose;
pub(super) mod foreign_syntax;
mod foreign_words;
pub(super) mod function_locations;
pub(super) mod unknown_name;
