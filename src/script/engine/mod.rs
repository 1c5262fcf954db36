//! The engine: Rhai, bounded, with the functions of `api`.

pub(super) mod import_resolver;
pub(super) mod setup;
