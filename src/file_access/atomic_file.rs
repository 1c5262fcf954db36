//! A file that is being written: it takes its place in one step, in the directory it was begun in.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cap_std::fs::{Dir, OpenOptions};

/// Names that are tried: somebody else would have to guess as many.
const MAX_TRIES: usize = 16;

/// A file that is being written; deleted when it is dropped before it was put in its place.
///
/// It is no `NamedTempFile`, as that is made and moved by path: whoever could exchange the directory meanwhile would
/// tell where it goes.
#[derive(Debug)]
pub struct AtomicFile {
    directory: Dir,
    /// Its own name, until it has taken its place.
    temp_name: Option<String>,
    target: PathBuf,
    file: File,
}

impl AtomicFile {
    /// Begins the file that is to stand in `directory` as `target`, with the permissions of the one that stands there.
    pub(super) fn create(directory: Dir, target: &Path) -> io::Result<Self> {
        if directory.is_dir(target) {
            return Err(io::ErrorKind::IsADirectory.into());
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

    /// Returns the file as it is written.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Puts the file in its place, in one step: a reader sees the old file or the new one.
    ///
    /// # Errors
    /// It cannot be written or moved; an older file is then untouched.
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
            // A file that is left over says by its name whose it is.
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
fn keep_permissions(_options: &mut OpenOptions, _directory: &Dir, _place: &Path) {}
