//! What scripts can call, as data.

pub(super) mod doc;
pub(super) mod functions;
pub(super) mod rhai_functions;
