//! Values on their way between scripts and the rest.

pub(super) mod completion_type;
pub(super) mod convert;
pub(super) mod option_map;
pub(super) mod skip;
