//! Devices, and files about processes: `/proc` shows the environment and the memory of this process, which contain the API key.

use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Returns whether `path` is below `/dev` or `/proc`, without following links. `/dev/shm` is a directory for ordinary files.
pub(super) fn is_system_path(path: &Path) -> bool {
    let Ok(absolute) = std::path::absolute(path) else {
        return false;
    };
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    let is_below = |directory| plain.starts_with(directory);
    cfg!(unix) && (is_below("/proc") || is_below("/dev")) && !is_below("/dev/shm")
}

/// Returns whether the open `file` is one of `/proc`, wherever that is mounted.
#[cfg(target_os = "linux")]
pub(super) fn is_process_file(file: &File) -> io::Result<bool> {
    let file_system = rustix::fs::fstatfs(file)?;
    Ok(file_system.f_type == rustix::fs::PROC_SUPER_MAGIC)
}

/// Other systems have no such files.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_process_file(_: &File) -> io::Result<bool> {
    Ok(false)
}
