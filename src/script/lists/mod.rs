//! Lists of rows: arrays, and those whose rows are made when they are needed.

pub(super) mod columns;
pub(super) mod getters;
pub(super) mod lazy;
pub(super) mod results;
pub(super) mod rows;
pub(super) mod scan;
