//! Writing files atomically.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::formula::escape_formula;
use super::{Error, ErrorKind};
use crate::file_access::{AtomicFile, ResolvedPath};

/// How to write a CSV file.
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions {
    pub delimiter: u8,
    /// Start with a byte order mark, so that Excel recognizes UTF-8.
    pub bom: bool,
    /// Write cells as they are, even if a spreadsheet would run them as formulas.
    pub raw: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            delimiter: b',',
            bom: false,
            raw: false,
        }
    }
}

/// A CSV file that is being written. It replaces the old file in [`finish`](Self::finish); if dropped before, nothing changes.
pub struct CsvWriter {
    path: PathBuf,
    writer: csv::Writer<AtomicFile>,
    options: WriteOptions,
}

impl CsvWriter {
    /// Starts writing `file`, with `columns` as its first line.
    pub fn create(
        file: &ResolvedPath,
        columns: &[String],
        options: WriteOptions,
    ) -> Result<Self, Error> {
        let path = file.name();
        let open = || {
            let mut file = atomic_file_for(file)?;
            if options.bom {
                file.write_all("\u{FEFF}".as_bytes())?;
            }
            let mut builder = csv::WriterBuilder::new();
            Ok(builder.delimiter(options.delimiter).from_writer(file))
        };
        let mut writer = Self {
            path: path.to_owned(),
            writer: open().map_err(unwritable(path))?,
            options,
        };
        writer.add(columns)?;
        Ok(writer)
    }

    /// Adds a row.
    pub fn add<F: AsRef<str>>(&mut self, row: impl IntoIterator<Item = F>) -> Result<(), Error> {
        let row: Vec<F> = row.into_iter().collect();
        let raw = self.options.raw;
        let cells: Vec<Cow<str>> = row
            .iter()
            .map(|cell| match cell.as_ref() {
                cell if raw => Cow::Borrowed(cell),
                cell => escape_formula(cell),
            })
            .collect();
        let is_blank = cells.iter().all(|cell| cell.trim().is_empty());
        let cells = cells.iter().map(|cell| cell.as_bytes());
        let written = if is_blank {
            add_quoted(&mut self.writer, self.options.delimiter, cells)
        } else {
            self.writer.write_record(cells)
        };
        written.map_err(|error| unwritable(&self.path)(error.into()))
    }

    /// Replaces the old file in one step: readers see the old file or the new one.
    pub fn finish(self) -> Result<(), Error> {
        self.writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
            .and_then(AtomicFile::finish)
            .map_err(unwritable(&self.path))
    }
}

/// Adds a row with every cell in quotes. Without quotes, readers skip a row of blank cells.
fn add_quoted(
    writer: &mut csv::Writer<AtomicFile>,
    delimiter: u8,
    cells: impl Iterator<Item = impl AsRef<[u8]>>,
) -> csv::Result<()> {
    writer.flush()?;
    let mut quoting = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(writer.get_ref().file());
    quoting.write_record(cells)?;
    Ok(quoting.flush()?)
}

/// Replaces `file` by what `write` writes, in one step: readers see the old file or the new one.
pub fn replace_file(
    file: &ResolvedPath,
    write: impl FnOnce(&mut io::BufWriter<&fs::File>) -> io::Result<()>,
) -> Result<(), Error> {
    let replace = || {
        let atomic_file = atomic_file_for(file)?;
        let mut buffer = io::BufWriter::new(atomic_file.file());
        write(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        atomic_file.finish()
    };
    replace().map_err(unwritable(file.name()))
}

pub(super) fn atomic_file_for(file: &ResolvedPath) -> io::Result<AtomicFile> {
    ensure_not_stdout(file)?;
    file.atomic_file()
}

fn ensure_not_stdout(file: &ResolvedPath) -> io::Result<()> {
    if file.name() == Path::new("-") {
        let reason = "it means standard output, where `print` writes";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    Ok(())
}

/// Checks that `file` can be written, and leaves it alone.
pub fn ensure_writable(file: &ResolvedPath) -> Result<(), Error> {
    ensure_not_stdout(file)
        .and_then(|()| file.ensure_writable())
        .map_err(unwritable(file.name()))
}

pub(super) fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::new(path, ErrorKind::Write(source))
}
