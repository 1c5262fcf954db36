//! A script compiled and run, whole or input by input.

pub(super) mod run;
pub(super) mod session;
pub(super) mod template;
