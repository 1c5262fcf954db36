//! Files and directories that only their owner can read: mode 0600 and 0700 on Unix, the defaults elsewhere.
//!
//! Ledger, history, sandbox and locks hold names, addresses and invite links. SQLite and others would create their files
//! readable for everybody, so the empty file is created here first.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates `directory` and its parents if they are missing.
pub(crate) fn create_dir(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Creates the directory of the file `path` if it is missing.
pub(crate) fn create_parent_dir(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => create_dir(parent),
        _ => Ok(()),
    }
}

/// Opens the file `path` for reading and writing, and creates it empty if it is missing.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// What others than the owner can do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exposure {
    Read,
    Write,
}

/// Returns what others can do with the file `path`; a pipe, such as `<(pass show gradient)`, is not a file.
#[cfg(unix)]
pub(crate) fn exposure(path: &Path) -> Option<Exposure> {
    use std::os::unix::fs::PermissionsExt as _;
    let found = std::fs::metadata(path)
        .ok()
        .filter(std::fs::Metadata::is_file)?;
    match found.permissions().mode() & 0o077 {
        0 => None,
        mode if mode & 0o022 == 0 => Some(Exposure::Read),
        _ => Some(Exposure::Write),
    }
}

/// Returns whether others can replace files in the directory `path`. In one like `/tmp`, they cannot.
#[cfg(unix)]
pub(crate) fn is_shared_directory(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    const STICKY: u32 = 0o1000;
    std::fs::metadata(path).is_ok_and(|found| {
        let mode = found.permissions().mode();
        found.is_dir() && mode & 0o022 != 0 && mode & STICKY == 0
    })
}

/// Windows keeps a user's profile to that user, and has no mode.
#[cfg(not(unix))]
pub(crate) fn exposure(_: &Path) -> Option<Exposure> {
    None
}

/// As for files.
#[cfg(not(unix))]
pub(crate) fn is_shared_directory(_: &Path) -> bool {
    false
}
