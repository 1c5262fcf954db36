//! Between values of scripts and what functions take: option maps, API objects.

pub(super) mod object_map;
pub(super) mod table_options;
