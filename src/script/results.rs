//! The rows of an outcome as a lazy list, read from the ledger.

use rhai::{Dynamic, INT, Map, Position};

use super::lazy::{Lazy, Pass};
use super::throw::Throw;
use super::value::or_unit;
use crate::bulk::{Outcome, OutcomeRow};
use crate::ledger::RowState;

/// The keys of a row, as columns of a table.
const COLUMNS: [&str; 8] = [
    "line",
    "email",
    "name",
    "outcome",
    "invite_url",
    "due_date",
    "session_id",
    "note",
];

/// Rows of an outcome that are in some states. Clones are the same list.
#[derive(Clone)]
pub(super) struct Results {
    outcome: Outcome,
    states: &'static [RowState],
    position: Position,
}

impl Results {
    /// Lists the rows in one of `states`, for the call at `position`; all, where none is named.
    pub(super) fn new(outcome: &Outcome, states: &'static [RowState], position: Position) -> Self {
        Self {
            outcome: outcome.clone(),
            states,
            position,
        }
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> u64 {
        let counts = self.outcome.counts();
        match self.states {
            [RowState::Failed] => counts.failed,
            _ => counts.total,
        }
    }
}

impl Lazy for Results {
    const NAME: &'static str = "Results";

    fn pass(&self) -> Result<Pass, Throw> {
        let rows = self.outcome.rows(self.states)?;
        Ok(Pass {
            columns: COLUMNS.map(str::to_owned).to_vec(),
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
pub(super) fn result_map(row: &OutcomeRow) -> Map {
    let line = row
        .origin
        .place
        .as_ref()
        .map(|(_, line)| INT::try_from(*line).unwrap_or(INT::MAX));
    let due_date = row.due_date.clone().map_or(Dynamic::UNIT, Dynamic::from);
    [
        ("line", or_unit(line)),
        ("email", row.email.clone().into()),
        ("name", row.name.clone().into()),
        ("outcome", row.outcome.into()),
        ("invite_url", or_unit(row.invite_url.clone())),
        ("due_date", due_date),
        ("session_id", or_unit(row.session_id.clone())),
        ("note", or_unit(row.note.clone())),
    ]
    .into_iter()
    .map(|(key, value)| (key.into(), value))
    .collect()
}
