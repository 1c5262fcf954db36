//! The rows of a run in each format.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Write as _;
use std::rc::Rc;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::bulk::ExportColumns;
use crate::change_kind::ChangeKind;
use crate::cli::output::{
    self, Format, MAX_TABLE_ROWS, StdoutWriter, WriteError, write_csv, write_json,
};
use crate::ledger::{self, Ledger, Row, RowIter, RowState, RunId, is_same_name};
use crate::table::{draw, escape_formula};
use crate::text::escape_line;
use crate::time::DateTime;

/// Columns of the table; those that are empty in all rows are omitted.
const COLUMNS: [&str; 11] = [
    "file",
    "line",
    "row",
    "email",
    "name",
    "session_name",
    "outcome",
    "due_date",
    "requested_due_date",
    "invite_url",
    "note",
];

/// A row as JSON.
#[derive(Serialize)]
pub(in crate::cli) struct JsonRow {
    run: RunId,
    row: u32,
    outcome: &'static str,
    file: Option<String>,
    line: Option<u64>,
    email: Option<String>,
    name: Option<String>,
    due_date: Option<String>,
    requested_due_date: Option<String>,
    session_name: Option<String>,
    assessment: Option<String>,
    attempts: u32,
    status: Option<u16>,
    invite_url: Option<String>,
    session_id: Option<String>,
    result: Option<Box<RawValue>>,
    note: Option<String>,
    answered_at: Option<String>,
    source: Option<Box<RawValue>>,
}

/// Writes the rows of `run` that are in one of `states`, and in a table the first [`MAX_TABLE_ROWS`] of them.
pub(super) fn write_rows(
    format: Format,
    ledger: &Rc<Ledger>,
    run: RunId,
    states: &[RowState],
    out: &mut StdoutWriter,
) -> Result<(), WriteError> {
    let rows = RowIter::of(ledger, run, states)?;
    match format {
        Format::Table => write_table(ledger.run(run)?.kind, rows, out),
        Format::Csv => {
            let columns = ExportColumns::of(states, RowIter::of(ledger, run, states)?)?;
            // Input cells stay unchanged, so that the rows can be read again; added cells are made safe for spreadsheets.
            let records = rows.map(|row| {
                let mut record = columns.record(&row?);
                for cell in record.iter_mut().skip(columns.input_columns()) {
                    if let Cow::Owned(text) = escape_formula(cell) {
                        *cell = text;
                    }
                }
                Ok(record)
            });
            write_csv(columns.columns(), records, out)
        }
        Format::Json | Format::Jsonl => {
            write_json(format, rows.map(|row| row.map(|row| record(run, row))), out)
        }
    }
}

pub(in crate::cli) fn record(run: RunId, row: Row) -> JsonRow {
    JsonRow {
        run,
        row: row.number,
        outcome: row.state.name(),
        due_date: row.deadline().to_text(DateTime::to_rfc3339),
        requested_due_date: row.due_date.as_ref().map(DateTime::to_rfc3339),
        session_name: row.session_name().map(str::to_owned),
        file: row.file.map(|file| file.to_string()),
        line: row.line,
        email: row.email,
        name: row.name,
        assessment: row.assessment.map(|label| label.to_string()),
        attempts: row.attempts,
        status: row.status,
        invite_url: row.invite_url,
        session_id: row.session.or(row.subject),
        result: row.result.and_then(|json| RawValue::from_string(json).ok()),
        note: row.note,
        answered_at: row.answered_at.map(|at| at.to_string()),
        source: row.source.and_then(|json| RawValue::from_string(json).ok()),
    }
}

/// Writes the first [`MAX_TABLE_ROWS`] rows of a run of this kind as a table.
pub(in crate::cli) fn write_table(
    kind: ChangeKind,
    rows: impl Iterator<Item = Result<Row, ledger::Error>>,
    out: &mut StdoutWriter,
) -> Result<(), WriteError> {
    let rows = rows
        .take(MAX_TABLE_ROWS)
        .collect::<Result<Vec<Row>, ledger::Error>>()?;
    let files: HashSet<_> = rows.iter().map(|row| &row.file).collect();
    let has_many_files = files.len() > 1;
    let cells: Vec<_> = rows
        .iter()
        .map(|row| table_cells(kind, row, has_many_files))
        .collect();
    let used: Vec<usize> = (0..COLUMNS.len())
        .filter(|column| cells.iter().any(|row| !row[*column].is_empty()))
        .collect();
    if used.is_empty() {
        return Ok(());
    }
    let columns: Vec<String> = used.iter().map(|at| COLUMNS[*at].to_owned()).collect();
    let cells: Vec<Vec<String>> = cells
        .iter()
        .map(|row| used.iter().map(|at| row[*at].clone()).collect())
        .collect();
    Ok(writeln!(
        out,
        "{}",
        draw(&columns, &cells, output::width())
    )?)
}

fn table_cells(kind: ChangeKind, row: &Row, has_many_files: bool) -> [String; COLUMNS.len()] {
    let text = |text: Option<&str>| escape_line(text.unwrap_or_default());
    // What was asked for and what is in force are both shown if they differ.
    let deadline = row.deadline();
    let due_date = deadline.to_text(DateTime::to_minute_and_zone);
    let requested = row.due_date.as_ref();
    let requested = requested.filter(|requested| deadline.time() != Some(requested));
    let session_name = row.session_name();
    let session_name = session_name.filter(|name| !is_same_name(name, row.name.as_deref()));
    let number = row.line.is_none().then(|| row.number.to_string());
    [
        text(row.file.as_deref().filter(|_| has_many_files)),
        row.line
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        number.unwrap_or_default(),
        text(row.email.as_deref()),
        text(row.name.as_deref()),
        text(session_name),
        row.state.label(kind).to_owned(),
        text(due_date.as_deref()),
        requested
            .map(DateTime::to_minute_and_zone)
            .unwrap_or_default(),
        text(row.invite_url.as_deref()),
        text(row.note.as_deref()),
    ]
}
