//! A script compiled and run, whole or input by input.

pub(super) mod repl_session;
pub(super) mod run;
pub(super) mod template;
