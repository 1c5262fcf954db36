//! Reading the rows of a run back, page by page.

use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::row::{Row, RowState, interpretations_from_json};
use super::run::RunId;
use super::session_terms::session_terms;
use super::{Error, Ledger};

const PAGE: u32 = 256;

/// The rows of a run in the order of their numbers.
pub struct RowIter {
    ledger: Rc<Ledger>,
    run: RunId,
    states: Vec<RowState>,
    target: Option<u32>,
    text: Option<String>,
    labels: Vec<Arc<str>>,
    files: Vec<Arc<str>>,
    page: std::vec::IntoIter<Row>,
    /// The number of the last row that was read; `None` after the last page.
    after: Option<u32>,
}

impl RowIter {
    /// Reads the rows of `run` in one of `states`, or all of them if `states` is empty.
    pub fn of(ledger: &Rc<Ledger>, run: RunId, states: &[RowState]) -> Result<Self, Error> {
        let targets = ledger.run(run)?.targets;
        Ok(Self {
            labels: targets
                .into_iter()
                .map(|target| target.label.into())
                .collect(),
            files: ledger.files(run)?,
            ledger: Rc::clone(ledger),
            run,
            target: None,
            text: None,
            states: if states.is_empty() {
                RowState::ALL.to_vec()
            } else {
                states.to_vec()
            },
            page: Vec::new().into_iter(),
            after: Some(0),
        })
    }

    /// Restricts the rows to one target.
    pub fn of_target(mut self, target: u32) -> Self {
        self.target = Some(target);
        self
    }

    /// Restricts the rows to those whose address or name contains `text`, in upper or lower case.
    pub fn containing(mut self, text: &str) -> Self {
        self.text = Some(text.to_lowercase());
        self
    }

    pub fn last_row(mut self) -> Result<Option<Row>, Error> {
        let last = self.last_number().map_err(self.ledger.database_error())?;
        let Some(before) = last.and_then(|number| number.checked_sub(1)) else {
            return Ok(None);
        };
        self.after = Some(before);
        self.next().transpose()
    }

    fn last_number(&self) -> rusqlite::Result<Option<u32>> {
        let id: Option<i64> = self
            .ledger
            .connection
            .prepare_cached(
                "SELECT id FROM invites
                 WHERE id BETWEEN ?1 AND ?2 AND (1 << state) & ?3 AND target = ifnull(?4, target)
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(
                (
                    self.run.row(0),
                    self.run.row(u32::MAX),
                    RowState::bits(&self.states),
                    self.target,
                ),
                |row| row.get(0),
            )
            .optional()?;
        Ok(id.and_then(|id| self.run.number_of(id)))
    }

    fn load_page(&mut self, after: u32) -> Result<(), Error> {
        let rows = self.read(after).map_err(self.ledger.database_error())?;
        self.after = (rows.len() == PAGE as usize).then(|| rows.last().map_or(0, |row| row.number));
        self.page = rows.into_iter();
        Ok(())
    }

    fn read(&self, after: u32) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.ledger.connection.prepare_cached(
            "SELECT id, state, target, file, line, source, email, name, due_date, attempts, status, invite_url,
                    session, note, answered_at, has_explicit_name, session_name, session_due_date, subject, result,
                    interpretations, known, asked_at
             FROM invites WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3 AND target = ifnull(?5, target)
               AND (?6 IS NULL OR contains(email, ?6) OR contains(name, ?6))
             ORDER BY id LIMIT ?4",
        )?;
        let (after, end) = (self.run.row(after), self.run.row(u32::MAX));
        statement
            .query_map(
                (
                    after,
                    end,
                    RowState::bits(&self.states),
                    PAGE,
                    self.target,
                    &self.text,
                ),
                |row| {
                    let target: u32 = row.get(2)?;
                    let file: Option<usize> = row.get(3)?;
                    let email: Option<String> = row.get(6)?;
                    let subject: Option<String> = row.get(18)?;
                    let answered_at: Option<i64> = row.get(14)?;
                    Ok(Row {
                        number: self.run.number_of(row.get(0)?).unwrap_or(0),
                        state: row.get(1)?,
                        file: file.and_then(|file| self.files.get(file)).cloned(),
                        line: row.get(4)?,
                        source: row.get(5)?,
                        target,
                        assessment: email
                            .as_ref()
                            .or(subject.as_ref())
                            .and_then(|_| self.labels.get(target as usize))
                            .cloned(),
                        subject,
                        email,
                        name: row.get(7)?,
                        has_explicit_name: row.get(15)?,
                        due_date: row.get(8)?,
                        session_terms: session_terms(row, 16)?,
                        attempts: row.get(9)?,
                        status: row.get(10)?,
                        invite_url: row.get(11)?,
                        session: row.get(12)?,
                        result: row.get(19)?,
                        note: row.get(13)?,
                        answered_at: answered_at
                            .and_then(|at| Timestamp::from_millisecond(at).ok()),
                        interpretations: interpretations_from_json(row.get(20)?),
                        is_known: row.get(21)?,
                        asked_at: row.get(22)?,
                    })
                },
            )?
            .collect()
    }
}

impl Iterator for RowIter {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.page.next() {
                return Some(Ok(row));
            }
            let after = self.after.take()?;
            if let Err(error) = self.load_page(after) {
                return Some(Err(error));
            }
        }
    }
}

impl Ledger {
    /// Returns the files that the rows of `run` came from, by number.
    pub fn files(&self, run: RunId) -> Result<Vec<Arc<str>>, Error> {
        let read = || {
            self.connection
                .prepare_cached("SELECT path FROM files WHERE run = ?1 ORDER BY number")?
                .query_map([run.number()], |row| row.get::<_, String>(0).map(Arc::from))?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(self.database_error())
    }
}
