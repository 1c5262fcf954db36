//! Writing a file in one step: under a temporary name, then renamed inside its directory.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cap_std::fs::{Dir, OpenOptions};

/// How many temporary names are tried; an attacker would have to guess them all.
const MAX_TRIES: usize = 16;

/// A file that is being written. It is deleted if it is dropped before [`finish`](Self::finish).
///
/// `NamedTempFile` is not used because it is created and renamed by path: replacing the directory would redirect
/// it.
#[derive(Debug)]
pub struct AtomicFile {
    directory: Dir,
    /// `None` after it was renamed.
    temp_name: Option<String>,
    target: PathBuf,
    file: File,
}

impl AtomicFile {
    /// Creates a temporary file for `target` in `directory`, with the permissions of the old file.
    pub(super) fn create(directory: Dir, target: &Path) -> io::Result<Self> {
        // A name that is too long would be noticed only by the rename at the end.
        match directory.symlink_metadata(target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        match directory.metadata(target) {
            Ok(old) if old.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            // Replacing `/dev/null` would break other programs.
            Ok(old) if !old.is_file() => {
                let reason = "it is a pipe or a device";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
            }
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        keep_permissions(&mut options, &directory, target);
        let mut tries = 0;
        loop {
            let temp_name = format!(".gradient-bulk-{:016x}", fastrand::u64(..));
            match directory.open_with(&temp_name, &options) {
                Ok(file) => {
                    return Ok(Self {
                        directory,
                        temp_name: Some(temp_name),
                        target: target.to_owned(),
                        file: file.into_std(),
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < MAX_TRIES => {
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns the temporary file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Replaces the old file in one step: readers see the old file or the new one.
    ///
    /// # Errors
    /// The file cannot be written or renamed; the old file is untouched.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(temp_name) = &self.temp_name {
            self.directory
                .rename(temp_name, &self.directory, &self.target)?;
        }
        self.temp_name = None;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(temp_name) = &self.temp_name {
            // If that fails, the name of the file says where it comes from.
            let _ = self.directory.remove_file(temp_name);
        }
    }
}

#[cfg(unix)]
fn keep_permissions(options: &mut OpenOptions, directory: &Dir, target: &Path) {
    use cap_std::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let old = directory.metadata(target);
    options.mode(old.map_or(0o666, |old| old.permissions().mode() & 0o777));
}

#[cfg(not(unix))]
fn keep_permissions(_: &mut OpenOptions, _: &Dir, _: &Path) {}
