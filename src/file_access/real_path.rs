//! Where a path leads, also where nothing stands there yet.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Links that follow each other before they are taken for a circle; Linux follows as many.
const MAX_LINKS: usize = 40;

/// Returns the place that `path` leads to, through all links. What does not exist is where it would be created.
///
/// # Errors
/// Links go round in a circle, or the working directory is gone.
pub(super) fn real_path(path: &Path) -> io::Result<PathBuf> {
    follow(path, MAX_LINKS)
}

fn follow(path: &Path, links: usize) -> io::Result<PathBuf> {
    // What cannot be looked at is where its name says: that it cannot be opened is told by opening it.
    let missing = match fs::canonicalize(path) {
        Ok(resolved) => return Ok(resolved),
        Err(error) => error,
    };
    let mut parts = path.components();
    let last = parts.next_back();
    let before = parts.as_path();
    let before = if before.as_os_str().is_empty() {
        Path::new(".")
    } else {
        before
    };
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

/// Tells whether `path` names another machine or a device, as Windows spells them: already looking at such a path asks
/// there.
pub(super) fn is_unc_or_device_path(path: &str) -> bool {
    let path = path.replace('/', "\\");
    path.starts_with("\\\\") || path.starts_with("\\??\\")
}

/// Tells whether `path` says by itself that it leads out of the directory it is seen from.
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
    fn other_machines_and_devices_are_known_by_their_names() {
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
    fn a_path_that_climbs_out_is_known_by_its_parts() {
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
    fn a_drive_leaves_the_directory() {
        for path in [r"C:\people.csv", "C:people.csv", r"\people.csv"] {
            assert!(escapes_directory(Path::new(path)), "{path}");
        }
    }
}
