//! Paths that begin with what is written.

use std::fs;
use std::path::Path;

/// Most paths that are offered.
const MAX_PATHS: usize = 200;

/// Lists the files and directories whose paths begin with `written`, by name; hidden ones where that is asked for.
pub(super) fn beginning_with(written: &str) -> Vec<String> {
    let cut = written.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let (directory, begun) = written.split_at(cut);
    let read_from = if directory.is_empty() { "." } else { directory };
    let Ok(entries) = fs::read_dir(Path::new(read_from)) else {
        return Vec::new();
    };
    let mut paths: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_hidden = name.starts_with('.') && !begun.starts_with('.');
            if is_hidden || !name.starts_with(begun) {
                return None;
            }
            let end = if entry.path().is_dir() { "/" } else { "" };
            Some(format!("{directory}{name}{end}"))
        })
        .take(MAX_PATHS)
        .collect();
    paths.sort();
    paths
}
