//! What happens between the check of a path and the opening of the file.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use crate::file_access::{AccessDenied, FileAccess, OwnFileKind, OwnFiles};

#[test]
fn a_directory_that_becomes_a_link_is_not_followed() {
    let here = tempfile::tempdir().unwrap();
    let path = |name: &str| here.path().join(name);
    fs::create_dir_all(path("out/deep")).unwrap();
    fs::create_dir_all(path(".config/deep")).unwrap();
    let access = FileAccess::within(here.path()).unwrap();
    let files = ["out/a.csv", "out/deep/a.csv"];
    let files = files.map(|name| access.to_write(&path(name)).unwrap());
    fs::rename(path("out"), path("old")).unwrap();
    symlink(".config", path("out")).unwrap();
    for file in files {
        assert!(file.atomic_file().is_err(), "{}", file.name().display());
    }
}

#[test]
fn a_file_that_becomes_an_own_file_is_refused() {
    let here = tempfile::tempdir().unwrap();
    let path = |name: &str| here.path().join(name);
    fs::create_dir(path("home")).unwrap();
    fs::create_dir(path("out")).unwrap();
    fs::write(path("home/key.txt"), "").unwrap();
    fs::write(path("out/key.txt"), "").unwrap();
    let mut own_files = OwnFiles::default();
    own_files.add_file(OwnFileKind::ApiKey, &path("home/key.txt"));
    own_files.add_file(OwnFileKind::Configuration, &path("home/config.txt"));
    let access = FileAccess::within(here.path()).unwrap();
    let access = access.without(&Arc::new(own_files));
    let to_read = access.to_read(&path("out/key.txt")).unwrap();
    let to_write = ["out/key.txt", "out/config.txt"];
    let to_write = to_write.map(|name| access.to_write(&path(name)).unwrap());
    fs::rename(path("out"), path("old")).unwrap();
    fs::rename(path("home"), path("out")).unwrap();
    symlink("out", path("home")).unwrap();
    let refused = |error: &std::io::Error| {
        matches!(
            AccessDenied::in_io_error(error),
            Some(AccessDenied::OwnFile { .. })
        )
    };
    assert!(refused(&to_read.open().unwrap_err()));
    for file in to_write {
        assert!(
            refused(&file.atomic_file().unwrap_err()),
            "{}",
            file.name().display()
        );
    }
}
