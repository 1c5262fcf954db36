//! Values of scripts: conversions, types, maps of options.

pub(super) mod comparable;
pub(super) mod comparison;
pub(super) mod completion_type;
pub(super) mod convert;
pub(super) mod json;
pub(super) mod option_map;
pub(super) mod result_shape;
pub(super) mod skip;
