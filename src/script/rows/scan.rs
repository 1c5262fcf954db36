//! A CSV file as a lazy list of rows.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rhai::{Dynamic, Position};

use super::lazy_list::{LazyList, RowStream};
use crate::file_access::ResolvedPath;
use crate::script::error::throw::Throw;
use crate::table::{CsvOptions, CsvReader, Error};

/// A CSV file whose rows are read on demand. Clones share the file.
#[derive(Clone)]
pub(in crate::script) struct Scan(Rc<Inner>);

struct Inner {
    file: ResolvedPath,
    /// The name of the file in messages.
    name: PathBuf,
    options: CsvOptions,
    position: Position,
    columns: Vec<String>,
    delimiter: u8,
    /// The file as it was opened for its header. The first pass continues from there, because a pipe cannot be opened
    /// again.
    opened: Cell<Option<CsvReader>>,
}

impl Scan {
    /// Opens `file` and reads its header, for the call at `position`.
    pub(in crate::script) fn open(
        file: ResolvedPath,
        options: CsvOptions,
        position: Position,
    ) -> Result<Self, Error> {
        let csv = CsvReader::open(&file, &options)?;
        Ok(Self(Rc::new(Inner {
            file,
            name: csv.header().path().to_owned(),
            options,
            position,
            columns: csv.header().columns().to_vec(),
            delimiter: csv.delimiter(),
            opened: Cell::new(Some(csv)),
        })))
    }

    /// Returns the name of the file in messages.
    pub(in crate::script) fn name(&self) -> &Path {
        &self.0.name
    }

    /// Returns the columns that the file had when it was opened.
    pub(in crate::script) fn columns(&self) -> &[String] {
        &self.0.columns
    }

    /// Returns the delimiter that the file had when it was opened.
    pub(in crate::script) fn delimiter(&self) -> u8 {
        self.0.delimiter
    }
}

impl LazyList for Scan {
    const NAME: &'static str = "Scan";

    fn stream(&self) -> Result<RowStream, Throw> {
        let csv = match self.0.opened.take() {
            Some(csv) => csv,
            None => CsvReader::open(&self.0.file, &self.0.options)?,
        };
        Ok(RowStream {
            columns: csv.header().columns().to_vec(),
            rows: Box::new(csv.map(|row| row.map(Dynamic::from).map_err(Throw::from))),
        })
    }

    /// A pipe can be read only once.
    fn can_repeat(&self) -> bool {
        self.0.file.is_file()
    }

    fn position(&self) -> Position {
        self.0.position
    }
}
