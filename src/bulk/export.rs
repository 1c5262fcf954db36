//! Rows of a run as a sheet: the columns they came with, and behind them what became of them.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::ledger::{Error, Row, RowState};
use crate::time::DateTime;

/// The column of a row that is a text, as those of a plain list of addresses are.
const TEXT_COLUMN: &str = "email";
/// The column of a row that is neither a text nor has columns, such as a number.
const OTHER_COLUMN: &str = "value";

/// What became of a row.
const RESULT_COLUMNS: [&str; 7] = [
    "gb_line",
    "gb_email",
    "gb_name",
    "gb_outcome",
    "gb_invite_url",
    "gb_due_date",
    "gb_note",
];
/// What is wrong with a row that is to be mended and sent again.
const ERROR_COLUMNS: [&str; 3] = ["gb_error", "gb_status", "gb_attempts"];

/// The columns of a sheet. A column that an earlier sheet added is replaced, not kept: it tells of another run.
#[derive(Clone, Debug)]
pub struct ExportColumns {
    input_columns: Vec<String>,
    added: &'static [&'static str],
}

impl ExportColumns {
    /// Makes the sheet for these rows, which are in one of `states`; they are read to their end for their columns.
    ///
    /// # Errors
    /// The rows cannot be read.
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
        let added: &[&str] = if !states.is_empty() && states.iter().all(is_error) {
            &ERROR_COLUMNS
        } else {
            &RESULT_COLUMNS
        };
        Ok(Self {
            input_columns,
            added,
        })
    }

    /// Returns the names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let input_columns = self.input_columns.iter().map(String::as_str);
        input_columns.chain(self.added.iter().copied())
    }

    /// Returns how many of the columns are those that the rows came with; they are the first.
    #[must_use]
    pub fn input_columns(&self) -> usize {
        self.input_columns.len()
    }

    /// Returns the values of `row`, one for each column.
    #[must_use]
    pub fn record(&self, row: &Row) -> Vec<String> {
        let cells = cells(row);
        let input_columns = self.input_columns.iter().map(|column| {
            let value = cells.get(column).unwrap_or(&Value::Null);
            cell(value).into_owned()
        });
        let added = self.added.iter().map(|column| added(column, row));
        input_columns.chain(added).collect()
    }
}

/// Returns a JSON value as the text of a cell: a text itself, nothing for `null`, and JSON for all else.
#[must_use]
pub fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// What the script was given for a row, by column.
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

fn added(column: &str, row: &Row) -> String {
    let due_date = || row.due_date.as_deref().and_then(DateTime::from_text);
    let text = match column {
        "gb_line" => row.line.as_ref().map(ToString::to_string),
        "gb_email" => row.email.clone(),
        "gb_name" => row.name.clone(),
        "gb_outcome" => Some(row.state.name().to_owned()),
        "gb_invite_url" => row.invite_url.clone(),
        "gb_due_date" => due_date().map(|due| due.to_rfc3339()),
        "gb_status" => row.status.map(|status| status.to_string()),
        "gb_attempts" => Some(row.attempts.to_string()),
        "gb_note" | "gb_error" => row.note.clone(),
        _ => None,
    };
    text.unwrap_or_default()
}
