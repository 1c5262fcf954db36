//! The value that a script got for a row, and what it says about the candidate.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::problem::GivenCandidate;
use crate::interpretation::Interpretation;
use crate::time::{DateTime, LocalTimes, ReadingRules, parse_deadline};

/// Serializes the value that the script got for a row. Called on the planner's last thread.
pub type SourceJson = Box<dyn FnOnce() -> Option<String> + Send>;

/// The value that the script got for a row.
pub struct RowSource {
    pub json: SourceJson,
    pub columns: Arc<CandidateColumns>,
    /// Whether the sheet that the row comes from hides it.
    pub is_hidden: bool,
}

/// The columns of a file that name the candidate of a row.
#[derive(Debug, Default)]
pub struct CandidateColumns {
    pub email: Option<Arc<str>>,
    /// One column, or first name and last name.
    pub name: Vec<Arc<str>>,
    pub due_date: Option<Arc<str>>,
}

/// The source of a row that is not sent.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) json: Option<&'a str>,
    pub(super) columns: Option<&'a CandidateColumns>,
    pub(super) is_hidden: bool,
}

impl Source<'_> {
    /// Returns what the columns say about the candidate.
    pub(super) fn candidate(self) -> GivenCandidate {
        let json: Option<Value> = self.json.and_then(|json| serde_json::from_str(json).ok());
        match json {
            Some(Value::String(email)) => GivenCandidate {
                email: Some(email),
                name: None,
            },
            Some(cells) => {
                let cell = |column: &Arc<str>| cells.get(&**column).and_then(text);
                let columns = self.columns;
                let names = columns.iter().flat_map(|columns| &columns.name);
                let name = names.filter_map(cell).collect::<Vec<_>>().join(" ");
                GivenCandidate {
                    email: columns.and_then(|columns| columns.email.as_ref().and_then(cell)),
                    name: Some(name).filter(|name| !name.is_empty()),
                }
            }
            None => GivenCandidate::default(),
        }
    }

    /// Adds the column to each of `interpretations` whose value is that of exactly one column.
    pub(super) fn with_columns(
        self,
        mut interpretations: Vec<Interpretation>,
    ) -> Vec<Interpretation> {
        if interpretations.is_empty() {
            return interpretations;
        }
        let Some(cells) = self.cells() else {
            return interpretations;
        };
        for interpretation in &mut interpretations {
            let column = column_with(&cells, &interpretation.value);
            interpretation.column = column.map(ToOwned::to_owned);
        }
        interpretations
    }

    /// Returns the only column that has exactly this value.
    pub(super) fn column_with(self, value: &str) -> Option<Arc<str>> {
        column_with(&self.cells()?, value.trim()).map(Arc::from)
    }

    /// Returns the only column whose value is read as this deadline, unless it has the name of the field.
    pub(super) fn column_of_deadline(self, due: &DateTime) -> Option<Arc<str>> {
        let (zone, rules) = (due.zoned().time_zone(), ReadingRules::default());
        let cells = self.cells()?;
        let column = only_column(&cells, |cell| {
            let read = parse_deadline(cell, zone, LocalTimes::Allowed, &rules);
            read.is_ok_and(|read| read.result.timestamp() == due.timestamp())
        });
        column.filter(|name| *name != "due_date").map(Arc::from)
    }

    fn cells(self) -> Option<Map<String, Value>> {
        serde_json::from_str(self.json?).ok()
    }

    /// Returns the column that a field was probably read from: it has a value, and another name than the field.
    pub(super) fn column_of(self, field: &str) -> Option<Arc<str>> {
        let columns = self.columns?;
        let column = match field {
            "email" => columns.email.as_ref()?,
            "due_date" => columns.due_date.as_ref()?,
            _ => return None,
        };
        let cells: Value = serde_json::from_str(self.json?).ok()?;
        let is_named = **column != *field && cells.get(&**column).and_then(text).is_some();
        is_named.then(|| Arc::clone(column))
    }
}

/// Returns the only column that has exactly this value.
fn column_with<'a>(cells: &'a Map<String, Value>, value: &str) -> Option<&'a str> {
    only_column(cells, |cell| cell == value)
}

/// Returns the only column whose text meets the condition.
fn only_column(cells: &Map<String, Value>, condition: impl Fn(&str) -> bool) -> Option<&str> {
    let is_met = |cell: &Value| text(cell).is_some_and(|text| condition(&text));
    let mut columns = cells.iter().filter(|(_, cell)| is_met(cell));
    match (columns.next(), columns.next()) {
        (Some((column, _)), None) => Some(column),
        _ => None,
    }
}

/// Returns the text of a cell, trimmed, unless it is blank.
fn text(cell: &Value) -> Option<String> {
    let text = cell.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
