//! The functions that scripts can call and their documentation, as data.

pub(super) mod doc;
pub(super) mod functions;
pub(super) mod language;
