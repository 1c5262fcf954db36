//! The rows of an outcome, read from the ledger as a lazy list, or written to a file.

use rhai::{Dynamic, Map, Position};

use super::lazy_list::{LazyList, RowStream};
use crate::bulk::{Outcome, OutcomeRow};
use crate::error_code::ErrorCode;
use crate::file_access::ResolvedPath;
use crate::ledger::{RowState, SessionDeadline};
use crate::script::error::throw::Throw;
use crate::script::number::int;
use crate::script::values::convert::{or_unit, to_cell};
use crate::table::{CsvWriter, WriteOptions};
use crate::text::did_you_mean_or_list;

type FieldGetter = fn(&OutcomeRow) -> Dynamic;

/// The fields of a row, by the name of the key and the column.
const FIELDS: [(&str, FieldGetter); 11] = [
    ("file", |row| {
        let location = row.origin.location.as_ref();
        or_unit(location.map(|(file, _)| file.to_string()))
    }),
    ("line", |row| {
        let location = row.origin.location.as_ref();
        or_unit(location.map(|(_, line)| int(*line)))
    }),
    ("email", |row| row.email.clone().into()),
    ("name", |row| row.name.clone().into()),
    ("outcome", |row| row.outcome.into()),
    ("invite_url", |row| or_unit(row.invite_url.clone())),
    ("due_date", |row| match &row.deadline {
        SessionDeadline::Inherited => Dynamic::UNIT,
        SessionDeadline::At(at) => Dynamic::from(at.clone()),
        SessionDeadline::Text(text) => text.into(),
    }),
    ("requested_due_date", |row| {
        let requested = row.requested_due_date.clone();
        requested.map_or(Dynamic::UNIT, Dynamic::from)
    }),
    ("session_name", |row| or_unit(row.session_name.clone())),
    ("session_id", |row| or_unit(row.session_id.clone())),
    ("note", |row| or_unit(row.note.clone())),
];

/// The fields that a script sees: all but the file, which is the same for all rows.
fn script_fields() -> impl Iterator<Item = (&'static str, FieldGetter)> {
    FIELDS.into_iter().filter(|(name, _)| *name != "file")
}

/// The rows of an outcome in some states. Clones share the outcome.
#[derive(Clone)]
pub(in crate::script) struct Results {
    outcome: Outcome,
    states: &'static [RowState],
    position: Position,
}

impl Results {
    /// Lists the rows in one of `states`, or all if there are none, for the call at `position`.
    pub(in crate::script) fn new(
        outcome: &Outcome,
        states: &'static [RowState],
        position: Position,
    ) -> Self {
        Self {
            outcome: outcome.clone(),
            states,
            position,
        }
    }

    pub(in crate::script) fn len(&self) -> u64 {
        let counts = self.outcome.counts();
        match self.states {
            [RowState::Failed] => counts.failed,
            _ => counts.total,
        }
    }
}

impl LazyList for Results {
    const NAME: &'static str = "Results";

    fn stream(&self) -> Result<RowStream, Throw> {
        let rows = self.outcome.rows(self.states)?;
        Ok(RowStream {
            columns: script_fields().map(|(name, _)| name.to_owned()).collect(),
            rows: Box::new(rows.map(|row| {
                let map = result_map(&row?);
                Ok(Dynamic::from_map(map))
            })),
        })
    }

    fn can_repeat(&self) -> bool {
        true
    }

    fn position(&self) -> Position {
        self.position
    }
}

/// Turns a row into the map that scripts see.
pub(in crate::script) fn result_map(row: &OutcomeRow) -> Map {
    script_fields()
        .map(|(name, read)| (name.into(), read(row)))
        .collect()
}

/// The columns of a file of results.
pub(in crate::script) struct ResultColumns {
    names: Vec<String>,
    fields: Vec<FieldGetter>,
}

impl ResultColumns {
    /// Selects columns by name. The default is all but `session_id`, which only programs need.
    ///
    /// # Errors
    /// There is no such column.
    pub(in crate::script) fn select(names: Option<Vec<String>>) -> Result<Self, Throw> {
        let default_names = || {
            let names = FIELDS.map(|(name, _)| name.to_owned()).into_iter();
            names.filter(|name| name != "session_id").collect()
        };
        let names = names.unwrap_or_else(default_names);
        let fields = names
            .iter()
            .map(|name| field(name))
            .collect::<Result<_, _>>()?;
        Ok(Self { names, fields })
    }

    /// Writes the rows of `outcome` to `file`.
    ///
    /// # Errors
    /// The ledger cannot be read, or the file cannot be written; an existing file is unchanged.
    pub(in crate::script) fn write(
        &self,
        outcome: &Outcome,
        file: &ResolvedPath,
        options: WriteOptions,
    ) -> Result<(), Throw> {
        let mut writer = CsvWriter::create(file, &self.names, options)?;
        for row in outcome.rows(&[])? {
            let row = row?;
            writer.add(self.fields.iter().map(|read| to_cell(&read(&row))))?;
        }
        Ok(writer.finish()?)
    }
}

fn field(name: &str) -> Result<FieldGetter, Throw> {
    let found = FIELDS.iter().find(|(known, _)| *known == name);
    found.map(|(_, read)| *read).ok_or_else(|| {
        let message = format!("an outcome has no column `{name}`");
        let names = FIELDS.map(|(name, _)| name);
        Throw::new(ErrorCode::UnknownColumn, message).hint(did_you_mean_or_list(name, &names))
    })
}
