//! What a script may write without permission: files for data, and nothing that a shell or another program would run or read as
//! its configuration.

use std::ffi::OsStr;
use std::path::{Component, Path};

use super::denied::{AccessDenied, WRITABLE_EXTENSIONS};

/// Checks whether a script may write `file` without permission. It is below `directory`, and its path is resolved; the script
/// named it `path`.
pub(super) fn check(path: &Path, directory: &Path, file: &Path) -> Result<(), AccessDenied> {
    if !has_writable_extension(file) {
        let path = path.to_owned();
        return Err(AccessDenied::Extension { path });
    }
    let mut so_far = directory.to_owned();
    for part in file.components() {
        so_far.push(part);
        if matches!(part, Component::Normal(name) if is_hidden(name, &so_far)) {
            let path = path.to_owned();
            return Err(AccessDenied::Hidden { path });
        }
    }
    Ok(())
}

fn has_writable_extension(file: &Path) -> bool {
    // On Windows, `a.bat:b.csv` is a part of `a.bat`.
    if cfg!(windows) && file.to_string_lossy().contains(':') {
        return false;
    }
    let extension = file.extension().and_then(OsStr::to_str);
    extension.is_some_and(|extension| {
        let mut writable = WRITABLE_EXTENSIONS.iter();
        writable.any(|known| known.eq_ignore_ascii_case(extension))
    })
}

#[cfg(not(windows))]
fn is_hidden(name: &OsStr, _: &Path) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(windows)]
fn is_hidden(name: &OsStr, path: &Path) -> bool {
    use std::os::windows::fs::MetadataExt as _;
    const FILE_ATTRIBUTE_HIDDEN: u32 = 2;
    let has_attribute = path
        .metadata()
        .is_ok_and(|found| found.file_attributes() & FILE_ATTRIBUTE_HIDDEN != 0);
    has_attribute || name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::check;
    use crate::file_access::AccessDenied;

    fn denied(file: &str) -> Option<AccessDenied> {
        let file = Path::new(file);
        check(file, Path::new("/nowhere"), file).err()
    }

    #[test]
    fn files_for_data_are_written() {
        for file in [
            "a.csv",
            "a.TSV",
            "a.b.txt",
            "a/b/c.Md",
            "a.sh.json",
            "..a/b.jsonl",
            "a.html",
            "a.xlsx",
            "a.eml",
            "a b.ics",
        ] {
            let hidden = file.starts_with('.');
            assert_eq!(denied(file).is_some(), hidden, "{file}");
        }
    }

    #[test]
    fn other_extensions_are_refused() {
        for file in [
            "a",
            ".csv",
            "csv",
            "a.",
            "a.csv.",
            "a.csv ",
            "a.csv.sh",
            "a.sh",
            "a.toml",
            "a.csv/b",
            "Makefile",
            "a.csv\0",
            "a.cs\u{200b}v",
            "a.ｃｓｖ",
        ] {
            assert!(
                matches!(denied(file), Some(AccessDenied::Extension { .. })),
                "{file}"
            );
        }
    }

    #[test]
    fn hidden_places_are_refused() {
        for file in [".a.csv", ".config/a.csv", "a/.b/c/d.csv", "...csv"] {
            assert!(
                matches!(denied(file), Some(AccessDenied::Hidden { .. })),
                "{file}"
            );
        }
    }
}
