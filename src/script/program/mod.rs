//! A script: its text, what it imports, its arguments, and how it is run.

pub(super) mod args;
pub(super) mod definitions;
pub(super) mod engine;
pub(super) mod resolver;
pub(super) mod run;
pub(super) mod session;
pub(super) mod source;
pub(super) mod starter;
