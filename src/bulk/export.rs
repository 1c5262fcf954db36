//! Exporting the rows of a run as a table: their input columns, followed by columns with the result.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::ledger::{Error, Row, RowState};
use crate::time::DateTime;

/// The column of a row that is a string, as in a plain list of addresses.
const TEXT_COLUMN: &str = "email";
/// The column of a row that is neither a string nor a map, such as a number.
const OTHER_COLUMN: &str = "value";

const RESULT_COLUMNS: [&str; 9] = [
    "gb_line",
    "gb_email",
    "gb_name",
    "gb_outcome",
    "gb_invite_url",
    "gb_due_date",
    "gb_requested_due_date",
    "gb_session_name",
    "gb_note",
];
/// For rows to fix and send again.
const ERROR_COLUMNS: [&str; 3] = ["gb_error", "gb_status", "gb_attempts"];

/// The columns of an export. If the rows come from an earlier export, the columns it added are replaced: they describe
/// another run.
#[derive(Clone, Debug)]
pub struct ExportColumns {
    input_columns: Vec<String>,
    result_columns: &'static [&'static str],
}

impl ExportColumns {
    /// Collects the columns of all `rows`, which are in one of `states`.
    pub fn of(
        states: &[RowState],
        rows: impl IntoIterator<Item = Result<Row, Error>>,
    ) -> Result<Self, Error> {
        let mut input_columns = Vec::new();
        let mut known: HashSet<String> = RESULT_COLUMNS
            .iter()
            .chain(&ERROR_COLUMNS)
            .map(ToString::to_string)
            .collect();
        for row in rows {
            for (column, _) in cells(&row?) {
                if !known.contains(&column) {
                    known.insert(column.clone());
                    input_columns.push(column);
                }
            }
        }
        let is_error = |state| matches!(state, &RowState::Failed | &RowState::Invalid);
        let result_columns: &[&str] = if !states.is_empty() && states.iter().all(is_error) {
            &ERROR_COLUMNS
        } else {
            &RESULT_COLUMNS
        };
        Ok(Self {
            input_columns,
            result_columns,
        })
    }

    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let input_columns = self.input_columns.iter().map(String::as_str);
        input_columns.chain(self.result_columns.iter().copied())
    }

    /// Returns how many input columns there are. They come first.
    pub fn input_columns(&self) -> usize {
        self.input_columns.len()
    }

    /// Returns the cells of `row`, one for each column.
    pub fn record(&self, row: &Row) -> Vec<String> {
        let cells = cells(row);
        let input_columns = self.input_columns.iter().map(|column| {
            let value = cells.get(column).unwrap_or(&Value::Null);
            cell_text(value).into_owned()
        });
        let results = self.result_columns.iter();
        let results = results.map(|column| result_cell(column, row));
        input_columns.chain(results).collect()
    }
}

/// Returns a JSON value as the text of a cell: a string as it is, `null` as an empty cell, anything else as JSON.
pub fn cell_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Returns the input columns of a row.
fn cells(row: &Row) -> Map<String, Value> {
    let source = row.source.as_deref();
    let (column, value) = match source.map(serde_json::from_str) {
        Some(Ok(Value::Object(cells))) => return cells,
        Some(Ok(value @ Value::String(_))) => (TEXT_COLUMN, value),
        Some(Ok(value)) => (OTHER_COLUMN, value),
        Some(Err(_)) | None => return Map::new(),
    };
    Map::from_iter([(column.to_owned(), value)])
}

fn result_cell(column: &str, row: &Row) -> String {
    let text = match column {
        "gb_line" => row.line.as_ref().map(ToString::to_string),
        "gb_email" => row.email.clone(),
        "gb_name" => row.name.clone(),
        "gb_outcome" => Some(row.state.name().to_owned()),
        "gb_invite_url" => row.invite_url.clone(),
        "gb_due_date" => row.deadline().to_text(DateTime::to_rfc3339),
        "gb_requested_due_date" => row.due_date.as_ref().map(DateTime::to_rfc3339),
        "gb_session_name" => row.session_name().map(str::to_owned),
        "gb_status" => row.status.map(|status| status.to_string()),
        "gb_attempts" => Some(row.attempts.to_string()),
        "gb_note" | "gb_error" => row.note.clone(),
        _ => None,
    };
    text.unwrap_or_default()
}
