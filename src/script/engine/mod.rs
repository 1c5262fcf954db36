//! The Rhai engine with its limits, the functions of `api`, and `import`.

mod builtins;
mod checked_comparisons;
pub(super) mod environments;
pub(super) mod function_bodies;
pub(super) mod import_resolver;
pub(super) mod setup;
