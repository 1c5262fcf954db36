//! Writing files whole or not at all.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Error;
use super::formula::harmless;
use crate::reach::{Draft, Location};

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
pub struct CsvDraft {
    path: PathBuf,
    writer: csv::Writer<Draft>,
    raw: bool,
}

impl CsvDraft {
    /// Begins what is to stand at `file`, with `columns` as its first line.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(
        file: &Location,
        columns: &[String],
        options: WriteOptions,
    ) -> Result<Self, Error> {
        let path = file.name();
        let begin = || {
            let mut file = draft_for(file)?;
            if options.bom {
                file.write_all("\u{FEFF}".as_bytes())?;
            }
            let mut builder = csv::WriterBuilder::new();
            Ok(builder.delimiter(options.delimiter).from_writer(file))
        };
        let mut draft = Self {
            path: path.to_owned(),
            writer: begin().map_err(unwritable(path))?,
            raw: options.raw,
        };
        draft.add(columns)?;
        Ok(draft)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add<F: AsRef<str>>(&mut self, row: impl IntoIterator<Item = F>) -> Result<(), Error> {
        let write = || {
            for cell in row {
                let cell = cell.as_ref();
                let cell = if self.raw {
                    Cow::Borrowed(cell)
                } else {
                    harmless(cell)
                };
                self.writer.write_field(cell.as_bytes())?;
            }
            self.writer.write_record(None::<&[u8]>)
        };
        write().map_err(|error| unwritable(&self.path)(error.into()))
    }

    /// Puts the file in its place, in one step: a reader sees the old file or the new one.
    ///
    /// # Errors
    /// The file cannot be written; an older file of that name is then untouched.
    pub fn finish(self) -> Result<(), Error> {
        self.writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
            .and_then(Draft::finish)
            .map_err(unwritable(&self.path))
    }
}

/// Replaces `file` by what `write` produces, in one step: a reader sees the old file or the new one.
///
/// # Errors
/// The file cannot be written; an older file of that name is then untouched.
pub fn replace_file(
    file: &Location,
    write: impl FnOnce(&mut io::BufWriter<&fs::File>) -> io::Result<()>,
) -> Result<(), Error> {
    let replace = || {
        let draft = draft_for(file)?;
        let mut buffer = io::BufWriter::new(draft.file());
        write(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        draft.finish()
    };
    replace().map_err(unwritable(file.name()))
}

/// Begins a file that is to stand at `file`.
fn draft_for(file: &Location) -> io::Result<Draft> {
    if file.name() == Path::new("-") {
        let reason = "it stands for standard output, where `print` writes";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    file.draft()
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Write {
        path: path.to_owned(),
        source,
    }
}
