//! How many rows of a run are in each state. The numbers are stored next to the rows, so that a million rows need not be
//! counted.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::row::RowState;
use super::run::RunId;

/// Numbers of rows by target and state. Rows without a target, such as skipped ones, belong to target 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateCounts(BTreeMap<(u32, RowState), i64>);

impl StateCounts {
    pub fn of(&self, state: RowState) -> u64 {
        self.sum(|_, other| other == state)
    }

    pub fn of_target(&self, target: u32, state: RowState) -> u64 {
        self.sum(|number, other| number == target && other == state)
    }

    pub fn total(&self) -> u64 {
        self.sum(|_, _| true)
    }

    fn sum(&self, keep: impl Fn(u32, RowState) -> bool) -> u64 {
        let counted = self
            .0
            .iter()
            .filter(|((target, state), _)| keep(*target, *state));
        counted
            .map(|(_, count)| u64::try_from(*count).unwrap_or(0))
            .sum()
    }

    pub(super) fn add(&mut self, target: u32, state: RowState, count: i64) {
        *self.0.entry((target, state)).or_default() += count;
    }

    pub(super) fn change_state(&mut self, target: u32, from: RowState, to: RowState) {
        self.add(target, from, -1);
        self.add(target, to, 1);
    }

    pub(super) fn read(connection: &Connection, run: RunId) -> rusqlite::Result<Self> {
        connection
            .prepare_cached("SELECT target, state, count FROM counts WHERE run = ?1")?
            .query_map([run.number()], |row| {
                Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()
            .map(Self)
    }

    /// Adds these numbers to the stored ones and resets them to zero.
    pub(super) fn flush(&mut self, connection: &Connection, run: RunId) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO counts (run, target, state, count) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
        )?;
        for ((target, state), count) in self.0.iter().filter(|(_, count)| **count != 0) {
            statement.execute(params![run.number(), target, state, count])?;
        }
        self.0.clear();
        Ok(())
    }
}
