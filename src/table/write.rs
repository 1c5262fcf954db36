//! Writing files whole or not at all.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Error;
use super::formula::escape_formula;
use crate::file_access::{AtomicFile, ResolvedPath};

/// How a CSV file is to be written.
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions {
    /// What separates fields.
    pub delimiter: u8,
    /// Begin with the byte order mark of UTF-8, by which Excel knows the encoding.
    pub bom: bool,
    /// Write cells as they are, those too that a spreadsheet would run as a formula.
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

/// A CSV file that is being written: it takes its place when it is finished, and leaves nothing behind when it is not.
pub struct CsvWriter {
    path: PathBuf,
    writer: csv::Writer<AtomicFile>,
    options: WriteOptions,
}

impl CsvWriter {
    /// Begins what is to stand at `file`, with `columns` as its first line.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(
        file: &ResolvedPath,
        columns: &[String],
        options: WriteOptions,
    ) -> Result<Self, Error> {
        let path = file.name();
        let begin = || {
            let mut file = atomic_file_for(file)?;
            if options.bom {
                file.write_all("\u{FEFF}".as_bytes())?;
            }
            let mut builder = csv::WriterBuilder::new();
            Ok(builder.delimiter(options.delimiter).from_writer(file))
        };
        let mut atomic_file = Self {
            path: path.to_owned(),
            writer: begin().map_err(unwritable(path))?,
            options,
        };
        atomic_file.add(columns)?;
        Ok(atomic_file)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The file cannot be written.
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

    /// Puts the file in its place, in one step: a reader sees the old file or the new one.
    ///
    /// # Errors
    /// The file cannot be written; an older file of that name is then untouched.
    pub fn finish(self) -> Result<(), Error> {
        self.writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
            .and_then(AtomicFile::finish)
            .map_err(unwritable(&self.path))
    }
}

/// Adds a row whose every cell stands in quotes. Without them, one that holds nothing is left out when it is read.
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

/// Replaces `file` by what `write` produces, in one step: a reader sees the old file or the new one.
///
/// # Errors
/// The file cannot be written; an older file of that name is then untouched.
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

/// Begins a file that is to stand at `file`.
fn atomic_file_for(file: &ResolvedPath) -> io::Result<AtomicFile> {
    if file.name() == Path::new("-") {
        let reason = "it stands for standard output, where `print` writes";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    file.atomic_file()
}

/// Looks whether `file` could be written, and leaves nothing behind.
///
/// # Errors
/// It could not.
pub fn ensure_writable(file: &ResolvedPath) -> Result<(), Error> {
    atomic_file_for(file)
        .map(drop)
        .map_err(unwritable(file.name()))
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Write {
        path: path.to_owned(),
        source,
    }
}
