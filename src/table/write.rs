//! Writing files whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::Error;

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
    replace_file(path, |file| {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(columns)?;
        for row in rows {
            writer.write_record(row)?;
        }
        writer.flush()
    })
}

/// Replaces the file at `path` by what `write` produces, in one step: a reader sees the old file or the new one.
///
/// # Errors
/// The file cannot be written; an older file of that name is then untouched.
pub fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut io::BufWriter<&fs::File>) -> io::Result<()>,
) -> Result<(), Error> {
    let replace = || -> io::Result<()> {
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let draft = tempfile::Builder::new()
            .prefix(".gradient-bulk-")
            .permissions_of(path)
            .tempfile_in(directory)?;
        let mut buffer = io::BufWriter::new(draft.as_file());
        write(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        draft.as_file().sync_all()?;
        draft.persist(path)?;
        Ok(())
    };
    replace().map_err(|source| Error::Write {
        path: path.to_owned(),
        source,
    })
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
