//! Lists: arrays, and lazy lists such as that of `scan_csv`. Nothing here changes a list.

pub(super) mod grouping;
mod items;
mod ordering;

use rhai::Module;

pub(super) fn register(module: &mut Module) {
    items::register(module);
    grouping::register(module);
    ordering::register(module);
}
