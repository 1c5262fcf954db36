//! Compiles and runs scripts, whole or input by input.

pub(super) mod imported_module;
pub(super) mod repl_session;
pub(super) mod run;
pub(super) mod template;
