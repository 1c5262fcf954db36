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
use crate::script::values::result_shape::{ResultKey, ResultShape};
use crate::table::{CsvWriter, WriteOptions};
use crate::text::did_you_mean_or_list;

type FieldGetter = fn(&OutcomeRow) -> Dynamic;

/// A field of a row: the key in a map, or the column in a file.
#[derive(Clone, Copy)]
struct ResultField {
    key: ResultKey,
    read: FieldGetter,
}

impl ResultField {
    const fn new(
        name: &'static str,
        kind: &'static str,
        doc: &'static str,
        read: FieldGetter,
    ) -> Self {
        Self {
            key: ResultKey::new(name, kind, doc),
            read,
        }
    }
}

/// The fields that only files have: a script sees the same file for all rows.
const FILE_FIELDS: usize = 1;

const FIELDS: [ResultField; 11] = [
    ResultField::new("file", "string", "the file of the row", |row| {
        let location = row.origin.location.as_ref();
        or_unit(location.map(|(file, _)| file.to_string()))
    }),
    ResultField::new("line", "int", "the line of the row in its file", |row| {
        let location = row.origin.location.as_ref();
        or_unit(location.map(|(_, line)| int(*line)))
    }),
    ResultField::new("email", "string", "the candidate's address", |row| {
        row.email.clone().into()
    }),
    ResultField::new("name", "string", "the candidate's name", |row| {
        row.name.clone().into()
    }),
    ResultField::new(
        "outcome",
        "string",
        "`\"created\"`, `\"existing\"`, `\"failed\"`, `\"skipped\"`, `\"duplicate\"`, `\"invalid\"`, `\"planned\"` (not sent), \
         `\"sending\"` (may have been sent), or `\"other_shard\"`",
        |row| row.outcome.into(),
    ),
    ResultField::new("invite_url", "string", "the candidate's link", |row| {
        or_unit(row.invite_url.clone())
    }),
    ResultField::new(
        "due_date",
        "DateTime",
        "the deadline in force, which an existing session keeps",
        |row| match &row.deadline {
            SessionDeadline::Inherited => Dynamic::UNIT,
            SessionDeadline::At(at) => Dynamic::from(at.clone()),
            SessionDeadline::Text(text) => text.into(),
        },
    ),
    ResultField::new(
        "requested_due_date",
        "DateTime",
        "the deadline of the request",
        |row| {
            let requested = row.requested_due_date.clone();
            requested.map_or(Dynamic::UNIT, Dynamic::from)
        },
    ),
    ResultField::new(
        "session_name",
        "string",
        "the candidate's name in the session, if it is known",
        |row| or_unit(row.session_name.clone()),
    ),
    ResultField::new("session_id", "string", "the session's id", |row| {
        or_unit(row.session_id.clone())
    }),
    ResultField::new(
        "note",
        "string",
        "why the row failed or was left out, or what the session keeps",
        |row| or_unit(row.note.clone()),
    ),
];

const RESULT_KEYS: [ResultKey; FIELDS.len() - FILE_FIELDS] = {
    let mut keys = [FIELDS[0].key; FIELDS.len() - FILE_FIELDS];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = FIELDS[at + FILE_FIELDS].key;
        at += 1;
    }
    keys
};

/// The map that [`result_map`] makes.
pub(in crate::script) const RESULT: ResultShape = ResultShape::closed("a result", &RESULT_KEYS);

/// The fields that a script sees.
fn script_fields() -> impl Iterator<Item = ResultField> {
    FIELDS.into_iter().skip(FILE_FIELDS)
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
        let counts = self.outcome.counts;
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
            columns: script_fields()
                .map(|field| field.key.name.to_owned())
                .collect(),
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
        .map(|field| (field.key.name.into(), (field.read)(row)))
        .collect()
}

/// The columns of a file of results.
pub(in crate::script) struct ResultColumns {
    names: Vec<String>,
    fields: Vec<FieldGetter>,
}

impl ResultColumns {
    /// Selects columns by name. The default is all but `session_id`, which only programs need.
    pub(in crate::script) fn select(names: Option<Vec<String>>) -> Result<Self, Throw> {
        let default_names = || {
            let names = FIELDS.map(|field| field.key.name.to_owned()).into_iter();
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
    let found = FIELDS.iter().find(|field| field.key.name == name);
    found.map(|field| field.read).ok_or_else(|| {
        let message = format!("an outcome has no column `{name}`");
        let names = FIELDS.map(|field| field.key.name);
        Throw::new(ErrorCode::UnknownColumn, message).hint(did_you_mean_or_list(name, &names))
    })
}
