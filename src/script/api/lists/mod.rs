//! Lists: arrays, and lazy lists such as that of `scan_csv`. Nothing here changes a list.

pub(super) mod grouping;
pub(super) mod items;
pub(super) mod ordering;
