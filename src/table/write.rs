//! Writing files whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Error;

/// A CSV file that is being written: it takes its place when it is finished, and leaves nothing behind when it is not.
pub struct CsvDraft {
    path: PathBuf,
    writer: csv::Writer<NamedTempFile>,
}

impl CsvDraft {
    /// Begins the file that is to stand at `path`, with `columns` as its first line.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(path: &Path, columns: &[String]) -> Result<Self, Error> {
        let writer = draft_for(path).map(csv::Writer::from_writer);
        let mut draft = Self {
            path: path.to_owned(),
            writer: writer.map_err(unwritable(path))?,
        };
        draft.add(columns)?;
        Ok(draft)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add<F: AsRef<[u8]>>(&mut self, row: impl IntoIterator<Item = F>) -> Result<(), Error> {
        self.writer
            .write_record(row)
            .map_err(|error| unwritable(&self.path)(error.into()))
    }

    /// Puts the file in its place, in one step: a reader sees the old file or the new one.
    ///
    /// # Errors
    /// The file cannot be written; an older file of that name is then untouched.
    pub fn finish(self) -> Result<(), Error> {
        self.writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
            .and_then(|draft| put_in_place(draft, &self.path))
            .map_err(unwritable(&self.path))
    }
}

/// Writes a CSV file: `columns` as its first line, then `rows`.
///
/// # Errors
/// The file cannot be written; an older file of that name is then untouched.
pub fn write_csv<R, F>(
    path: &Path,
    columns: &[String],
    rows: impl IntoIterator<Item = R>,
) -> Result<(), Error>
where
    R: IntoIterator<Item = F>,
    F: AsRef<[u8]>,
{
    let mut draft = CsvDraft::create(path, columns)?;
    for row in rows {
        draft.add(row)?;
    }
    draft.finish()
}

/// Replaces the file at `path` by what `write` produces, in one step: a reader sees the old file or the new one.
///
/// # Errors
/// The file cannot be written; an older file of that name is then untouched.
pub fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut io::BufWriter<&fs::File>) -> io::Result<()>,
) -> Result<(), Error> {
    let replace = || {
        let draft = draft_for(path)?;
        let mut buffer = io::BufWriter::new(draft.as_file());
        write(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        put_in_place(draft, path)
    };
    replace().map_err(unwritable(path))
}

/// Creates an empty file beside `path`, which is deleted when it is dropped.
fn draft_for(path: &Path) -> io::Result<NamedTempFile> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    tempfile::Builder::new()
        .prefix(".gradient-bulk-")
        .permissions_of(path)
        .tempfile_in(directory)
}

fn put_in_place(draft: NamedTempFile, path: &Path) -> io::Result<()> {
    draft.as_file().sync_all()?;
    draft.persist(path)?;
    Ok(())
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Write {
        path: path.to_owned(),
        source,
    }
}

/// Gives a draft the permissions its file will have: a draft of `tempfile` is readable by its owner only.
trait PermissionsOf {
    fn permissions_of(&mut self, path: &Path) -> &mut Self;
}

impl PermissionsOf for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_of(&mut self, path: &Path) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_or(0o666, |old| old.permissions().mode() & 0o777);
        self.permissions(fs::Permissions::from_mode(mode))
    }

    #[cfg(not(unix))]
    fn permissions_of(&mut self, _path: &Path) -> &mut Self {
        self
    }
}
