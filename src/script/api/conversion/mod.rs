//! Conversions between values of scripts and what functions take and return.

pub(super) mod object_map;
pub(super) mod table_options;
