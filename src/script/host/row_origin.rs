//! The origin of a value: file and line of a row, or of a line of a list.
//!
//! A string of `read_lines` is a plain string for the script. Its origin is in the tag that Rhai keeps with each
//! value: the number of the list in the upper bits, the line in the lower ones.

use std::path::Path;
use std::sync::Arc;

use rhai::Dynamic;

use super::run_host::Host;
use crate::table::Row;

const LINE_BITS: u32 = 22;

/// Tags `value` as line `line` of the list with number `list`, if both fit into the tag.
pub(in crate::script) fn tag_origin(value: &mut Dynamic, list: usize, line: u64) {
    let (Ok(list), Ok(line)) = (i32::try_from(list + 1), i32::try_from(line)) else {
        return;
    };
    if line < 1 << LINE_BITS && list < 1 << (i32::BITS - 1 - LINE_BITS) {
        value.set_tag((list << LINE_BITS) | line);
    }
}

/// Returns the file and the line `value` was read from.
pub(in crate::script) fn origin(host: &Host, value: &Dynamic) -> Option<(Arc<Path>, u64)> {
    if let Some(row) = value.read_lock::<Row>() {
        return Some((row.header().shared_path(), row.line()));
    }
    let tag = value.tag();
    let list = usize::try_from(tag >> LINE_BITS).ok()?.checked_sub(1)?;
    let line = u64::try_from(tag & ((1 << LINE_BITS) - 1)).ok()?;
    Some((host.list(list)?, line))
}
