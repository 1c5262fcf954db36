//! The output formats of results, written to standard output record by record.

use std::io::{self, IsTerminal as _, StdoutLock, Write};

use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Map, Value};

use super::escaping::EscapingWriter;
use super::stdout::ignore_closed_pipe;
use crate::bulk::cell_text;
use crate::error::Error;
use crate::{ledger, text};

/// The maximum number of rows of a table, which has to be built in memory.
pub(in crate::cli) const MAX_TABLE_ROWS: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// For reading
    Table,
    /// For a spreadsheet
    Csv,
    /// One array
    Json,
    /// One object per line
    Jsonl,
}

/// An error of the source of the records, or of their destination.
pub(in crate::cli) enum WriteError {
    Reading(ledger::Error),
    Writing(io::Error),
}

impl From<ledger::Error> for WriteError {
    fn from(error: ledger::Error) -> Self {
        Self::Reading(error)
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

impl From<csv::Error> for WriteError {
    fn from(error: csv::Error) -> Self {
        // The conversion of `csv` loses that a pipe was closed.
        Self::Writing(match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })
    }
}

pub(in crate::cli) type StdoutWriter = io::BufWriter<EscapingWriter<StdoutLock<'static>>>;

/// Calls `write` with standard output. A closed pipe, as after `head`, is not an error.
pub(in crate::cli) fn to_stdout(
    write: impl FnOnce(&mut StdoutWriter) -> Result<(), WriteError>,
) -> Result<(), Error> {
    let stdout = io::stdout();
    let mut out = StdoutWriter::new(EscapingWriter::new(stdout.is_terminal(), stdout.lock()));
    match write(&mut out).and_then(|()| Ok(out.flush()?)) {
        Ok(()) => Ok(()),
        Err(WriteError::Writing(error)) => ignore_closed_pipe(Err(error)),
        Err(WriteError::Reading(error)) => Err(error.into()),
    }
}

/// Writes records with the same fields, which are the columns of CSV.
pub(in crate::cli) fn write_records(
    format: Format,
    records: Vec<Map<String, Value>>,
    out: &mut StdoutWriter,
) -> Result<(), WriteError> {
    if format != Format::Csv {
        return write_json(format, records.into_iter().map(Ok), out);
    }
    let Some(first) = records.first() else {
        return Ok(());
    };
    let cells = |record: &Map<String, Value>| {
        let cells = record.values().map(|value| cell_text(value).into_owned());
        Ok(cells.collect())
    };
    let columns = first.keys().map(String::as_str);
    write_csv(columns, records.iter().map(cells), out)
}

pub(in crate::cli) fn write_csv<'a>(
    columns: impl Iterator<Item = &'a str>,
    records: impl Iterator<Item = Result<Vec<String>, ledger::Error>>,
    out: &mut StdoutWriter,
) -> Result<(), WriteError> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns)?;
    for record in records {
        writer.write_record(&record?)?;
    }
    Ok(writer.flush()?)
}

/// Writes records as one array, or as one object per line.
pub(in crate::cli) fn write_json<R: Serialize>(
    format: Format,
    records: impl Iterator<Item = Result<R, ledger::Error>>,
    out: &mut StdoutWriter,
) -> Result<(), WriteError> {
    let (begin, between, end) = match format {
        Format::Jsonl => ("", "\n", "\n"),
        _ => ("[\n", ",\n", "\n]\n"),
    };
    let mut has_records = false;
    for record in records {
        let record = record?;
        out.write_all(if has_records { between } else { begin }.as_bytes())?;
        has_records = true;
        text::write_json(&mut *out, &record)?;
    }
    let empty = if format == Format::Jsonl { "" } else { "[]\n" };
    Ok(out.write_all(if has_records { end } else { empty }.as_bytes())?)
}
