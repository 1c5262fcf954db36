//! Where a path leads, even if the file does not exist yet.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How many links are followed before they are considered a circle, as on Linux.
pub(super) const MAX_LINKS: usize = 40;

/// Returns where `path` leads through all links; for a file that does not exist, where it would be created.
pub(super) fn real_path(path: &Path) -> io::Result<PathBuf> {
    follow(path, MAX_LINKS)
}

fn follow(path: &Path, links: usize) -> io::Result<PathBuf> {
    // A path that cannot be resolved is taken literally; opening it reports the error.
    let missing = match fs::canonicalize(path) {
        Ok(resolved) => return Ok(resolved),
        Err(error) => error,
    };
    let mut parts = path.components();
    let last = parts.next_back();
    let before = parts.as_path();
    let before = or_here(before);
    match last {
        Some(Component::Normal(name)) => {
            if let Ok(target) = fs::read_link(path) {
                let left = links.checked_sub(1).ok_or(missing)?;
                return follow(&before.join(target), left);
            }
            Ok(follow(before, links)?.join(name))
        }
        Some(Component::ParentDir) => {
            let mut resolved = follow(before, links)?;
            resolved.pop();
            Ok(resolved)
        }
        _ => Err(missing),
    }
}

/// Returns the directory of `path`; `.` for a name alone.
pub(super) fn directory_of(path: &Path) -> &Path {
    or_here(path.parent().unwrap_or(Path::new("")))
}

fn or_here(directory: &Path) -> &Path {
    if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    }
}

/// Returns whether `path` names another machine or a device on Windows: even looking at such a path contacts it.
pub(super) fn is_unc_or_device_path(path: &str) -> bool {
    let path = path.replace('/', "\\");
    path.starts_with("\\\\") || path.starts_with("\\??\\")
}

/// Returns whether `path` leads out of its directory by its own components, without links.
pub(super) fn escapes_directory(path: &Path) -> bool {
    let mut depth = 0_usize;
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir if depth > 0 => depth -= 1,
            _ => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{escapes_directory, is_unc_or_device_path};

    #[test]
    fn unc_and_device_paths_are_recognized() {
        for path in [
            r"\\server\share\people.csv",
            "//server/share/people.csv",
            r"\/server\share",
            r"\\?\C:\people.csv",
            r"\\.\PhysicalDrive0",
            r"\\?\UNC\server\share",
            r"\??\C:\people.csv",
        ] {
            assert!(is_unc_or_device_path(path), "{path}");
        }
        for path in [
            "people.csv",
            r"data\people.csv",
            r"\people.csv",
            r"C:\people.csv",
            "C:people.csv",
        ] {
            assert!(!is_unc_or_device_path(path), "{path}");
        }
    }

    #[test]
    fn paths_that_escape_are_recognized() {
        for path in [
            "..",
            "../people.csv",
            "a/../../people.csv",
            "./../b",
            "a/b/../../../c",
        ] {
            assert!(escapes_directory(Path::new(path)), "{path}");
        }
        for path in [
            ".",
            "people.csv",
            "a/../people.csv",
            "./a/./b/..",
            "..people.csv",
            "a/..b",
        ] {
            assert!(!escapes_directory(Path::new(path)), "{path}");
        }
        let absolute = std::env::temp_dir().join("people.csv");
        assert!(escapes_directory(&absolute));
    }

    #[cfg(windows)]
    #[test]
    fn a_drive_escapes_the_directory() {
        for path in [r"C:\people.csv", "C:people.csv", r"\people.csv"] {
            assert!(escapes_directory(Path::new(path)), "{path}");
        }
    }
}
