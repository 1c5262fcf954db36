//! Lists of rows: arrays, and lazy lists.

pub(super) mod column_getters;
pub(super) mod columns;
pub(super) mod key;
pub(super) mod lazy_list;
pub(super) mod results;
pub(super) mod row_list;
pub(super) mod scan;
