//! The Rhai engine with its limits, the functions of `api`, and `import`.

pub(super) mod import_resolver;
pub(super) mod setup;
