//! The rows of a run, as they are read back: all of them or those in some states, a page at a time.

use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use super::{Error, Ledger, RunId};

/// Rows that are read at once.
const PAGE: u32 = 256;

/// What has become of a row. The numbers stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum RowState {
    /// It is to be sent.
    Planned = 0,
    /// It may have been sent, and no answer is recorded.
    Sending = 1,
    /// A session was created.
    Created = 2,
    /// The candidate had an active session.
    Existing = 3,
    /// It failed.
    Failed = 4,
    /// It was left out on purpose.
    Skipped = 5,
    /// It could not be sent as it stood.
    Invalid = 6,
    /// Its address stands in an earlier row.
    Duplicate = 7,
}

impl RowState {
    /// Returns a number with a bit for each of `states`, for statements that ask for several.
    pub(super) fn bits(states: &[Self]) -> u32 {
        states
            .iter()
            .fold(0, |bits, state| bits | 1 << *state as u8)
    }
}

/// A row of a run.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its place among the rows of the run, from 1.
    pub number: u32,
    /// What has become of it.
    pub state: RowState,
    /// The file it came from.
    pub file: Option<Arc<str>>,
    /// Its line in that file, from 1.
    pub line: Option<u64>,
    /// What the script was given for it, as JSON.
    pub source: Option<String>,
    /// The candidate's address.
    pub email: Option<String>,
    /// The candidate's name.
    pub name: Option<String>,
    /// The deadline, with its zone: `2025-02-07T23:59:59+01:00[Europe/Berlin]`.
    pub due_date: Option<String>,
    /// Number of its target.
    pub target: u32,
    /// What the candidate is invited to.
    pub assessment: Option<Arc<str>>,
    /// Requests that were made for it.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// The candidate's link.
    pub invite_url: Option<String>,
    /// The id of the session.
    pub session: Option<String>,
    /// Why it failed, was left out or is a duplicate, or what the user should know.
    pub note: Option<String>,
    /// When the answer came.
    pub answered_at: Option<Timestamp>,
}

/// Rows of a run in file order, read page by page.
pub struct RowIter {
    ledger: Rc<Ledger>,
    run: RunId,
    states: Vec<RowState>,
    target: Option<u32>,
    labels: Vec<Arc<str>>,
    files: Vec<Arc<str>>,
    page: std::vec::IntoIter<Row>,
    /// The last row that was read; `None` after the last page.
    after: Option<u32>,
}

impl RowState {
    /// All states, in the order a run passes through them.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Sending,
        Self::Created,
        Self::Existing,
        Self::Failed,
        Self::Skipped,
        Self::Invalid,
        Self::Duplicate,
    ];

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Created => "created",
            Self::Existing => "existing",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Invalid => "invalid",
            Self::Duplicate => "duplicate",
        }
    }
}

impl RowIter {
    /// Reads the rows of `run` that are in one of `states`; in any, where none is named.
    ///
    /// # Errors
    /// There is no such run, or the ledger cannot be read.
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
            states: if states.is_empty() {
                RowState::ALL.to_vec()
            } else {
                states.to_vec()
            },
            page: Vec::new().into_iter(),
            after: Some(0),
        })
    }

    /// Keeps the rows for one target.
    #[must_use]
    pub fn of_target(mut self, target: u32) -> Self {
        self.target = Some(target);
        self
    }

    /// Reads on behind row `number`.
    #[must_use]
    pub fn after(mut self, number: u32) -> Self {
        self.after = Some(number);
        self
    }

    /// Returns the last of these rows.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_row(mut self) -> Result<Option<Row>, Error> {
        let last = self.last_number().map_err(self.ledger.database_error())?;
        let Some(before) = last.map(|number| number - 1) else {
            return Ok(None);
        };
        self.after = Some(before);
        self.next().transpose()
    }

    fn last_number(&self) -> rusqlite::Result<Option<u32>> {
        let id: Option<i64> = self
            .ledger
            .connection()
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
        let mut statement = self.ledger.connection().prepare_cached(
            "SELECT id, state, target, file, line, source, email, name, due_date, attempts, status, invite_url,
                    session, note, answered_at
             FROM invites WHERE id > ?1 AND id <= ?2 AND (1 << state) & ?3 AND target = ifnull(?5, target)
             ORDER BY id LIMIT ?4",
        )?;
        let (after, end) = (self.run.row(after), self.run.row(u32::MAX));
        statement
            .query_map(
                (after, end, RowState::bits(&self.states), PAGE, self.target),
                |row| {
                    let target: u32 = row.get(2)?;
                    let file: Option<usize> = row.get(3)?;
                    let email: Option<String> = row.get(6)?;
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
                            .and_then(|_| self.labels.get(target as usize))
                            .cloned(),
                        email,
                        name: row.get(7)?,
                        due_date: row.get(8)?,
                        attempts: row.get(9)?,
                        status: row.get(10)?,
                        invite_url: row.get(11)?,
                        session: row.get(12)?,
                        note: row.get(13)?,
                        answered_at: answered_at
                            .and_then(|at| Timestamp::from_millisecond(at).ok()),
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
    /// Returns the files that rows of `run` came from, by number.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn files(&self, run: RunId) -> Result<Vec<Arc<str>>, Error> {
        let read = || {
            self.connection()
                .prepare_cached("SELECT path FROM files WHERE run = ?1 ORDER BY number")?
                .query_map([run.number()], |row| row.get::<_, String>(0).map(Arc::from))?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(self.database_error())
    }
}

impl FromSql for RowState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        Self::ALL
            .into_iter()
            .find(|state| *state as i64 == number)
            .ok_or(FromSqlError::OutOfRange(number))
    }
}

impl ToSql for RowState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(*self as u8))
    }
}
