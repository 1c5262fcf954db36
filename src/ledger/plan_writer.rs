//! Storing the rows of a plan, in short transactions so that other processes can write in between.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::row::{FileLocation, NewRow, RowState};
use super::run::{RunId, Target};
use super::session_terms::is_same_name;
use super::state_counts::StateCounts;
use super::subject::{ExistingRow, Subject, first_key, next_key, read_existing};
use super::subject_index::SubjectIndex;
use super::{Error, Ledger};

/// How long a transaction stays open. No other process can write during that time. A shorter one would write the pages of
/// the unordered index, which many rows share, more often. If the process dies, nothing is lost: an incomplete plan is
/// never sent.
const MAX_TRANSACTION: Duration = Duration::from_millis(250);
/// The pause between two transactions. Other processes poll for the write lock, so they need some time to get it.
const YIELD_TIME: Duration = Duration::from_millis(10);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InsertResult {
    Stored,
    /// The row was stored as a duplicate of this earlier one.
    Duplicate {
        number: u32,
        location: Option<FileLocation>,
        /// The name in the earlier row, if it differs.
        name: Option<String>,
    },
}

/// Writes the rows of a run, or updates them before it is sent.
#[derive(Debug)]
pub struct PlanWriter {
    path: PathBuf,
    connection: Connection,
    pub(super) run: RunId,
    pub(super) assessments: Vec<String>,
    files: Vec<String>,
    subjects: SubjectIndex,
    /// When the open transaction began, if there is one.
    transaction_start: Option<Instant>,
    pub(super) changes: StateCounts,
}

impl Ledger {
    pub fn plan_writer(&self, run: RunId) -> Result<PlanWriter, Error> {
        let found = self.run(run)?;
        let connection = self.connect()?;
        let subjects = SubjectIndex::new(&connection, run).map_err(self.database_error())?;
        Ok(PlanWriter {
            path: self.path.clone(),
            connection,
            run,
            assessments: found
                .targets
                .into_iter()
                .map(|target| target.assessment)
                .collect(),
            files: self.files(run)?.iter().map(ToString::to_string).collect(),
            subjects,
            transaction_start: None,
            changes: StateCounts::default(),
        })
    }
}

impl PlanWriter {
    /// Adds an assessment and returns its number.
    pub fn add_target(&mut self, target: &Target) -> Result<u32, Error> {
        let number = u32::try_from(self.assessments.len()).map_err(|_| Error::TooManyRows)?;
        self.write(|connection, run| {
            connection.execute(
                "INSERT INTO targets (run, number, assessment, label) VALUES (?1, ?2, ?3, ?4)",
                params![run.number(), number, target.assessment, target.label],
            )
        })?;
        self.assessments.push(target.assessment.clone());
        Ok(number)
    }

    /// Adds a file that rows come from and returns its number.
    pub fn add_file(&mut self, path: &str) -> Result<u32, Error> {
        let number = u32::try_from(self.files.len()).map_err(|_| Error::TooManyRows)?;
        self.files.push(path.to_owned());
        self.write(|connection, run| {
            connection.execute(
                "INSERT INTO files (run, number, path) VALUES (?1, ?2, ?3)",
                params![run.number(), number, path],
            )
        })?;
        Ok(number)
    }

    /// Returns the highest number of a row, 0 if there are none. Rows may have fewer numbers than this, as there may be gaps.
    pub fn last_number(&self) -> Result<u32, Error> {
        let run = self.run;
        let last = || {
            self.connection
                .prepare_cached(
                    "SELECT id FROM invites WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1",
                )?
                .query_row((run.row(0), run.row(u32::MAX)), |row| row.get(0))
                .optional()
        };
        let last: Option<i64> = last().map_err(|source| Error::database(&self.path, source))?;
        Ok(last.and_then(|id| run.number_of(id)).unwrap_or(0))
    }

    /// Adds a row. Numbers start at 1 and increase; there may be gaps. A number that is taken is an error.
    pub fn add(&mut self, number: u32, row: &NewRow<'_>) -> Result<InsertResult, Error> {
        self.begin()?;
        let inserted = self
            .insert_once(number, row)
            .map_err(|source| Error::database(&self.path, source))?;
        let state = match inserted {
            InsertResult::Stored => row.state,
            InsertResult::Duplicate { .. } => RowState::Duplicate,
        };
        self.changes.add(row.target, state, 1);
        Ok(inserted)
    }

    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection, RunId) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.begin()?;
        work(&self.connection, self.run).map_err(|source| Error::database(&self.path, source))
    }

    fn begin(&mut self) -> Result<(), Error> {
        match self.transaction_start {
            Some(since) if since.elapsed() < MAX_TRANSACTION => return Ok(()),
            Some(_) => {
                self.commit_rows()?;
                thread::sleep(YIELD_TIME);
            }
            None => {}
        }
        self.connection
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(|source| Error::database(&self.path, source))?;
        self.transaction_start = Some(Instant::now());
        Ok(())
    }

    /// Ends the open transaction: call it before a pause, so that other processes can write, and at the end.
    pub fn commit(&mut self) -> Result<(), Error> {
        if self.transaction_start.is_some() {
            self.subjects
                .store(&self.connection)
                .map_err(|source| Error::database(&self.path, source))?;
        }
        self.commit_rows()
    }

    /// Ends the open transaction, but leaves keys in memory: the plan is not complete, and if its process dies, it is never sent.
    fn commit_rows(&mut self) -> Result<(), Error> {
        if self.transaction_start.take().is_none() {
            return Ok(());
        }
        self.changes
            .flush(&self.connection, self.run)
            .and_then(|()| self.connection.execute_batch("COMMIT"))
            .map_err(|source| Error::database(&self.path, source))
    }

    fn insert_once(&mut self, number: u32, row: &NewRow<'_>) -> rusqlite::Result<InsertResult> {
        let Some(subject) = self.subject(row) else {
            self.insert(number, row, None)?;
            return Ok(InsertResult::Stored);
        };
        let mut key = first_key(self.run, subject);
        // Every key that is taken belongs to a stored row, so there are at most as many attempts as rows.
        while let Some(id) = self.subjects.find(&self.connection, key)? {
            if let Some(first) = read_existing(&self.connection, self.run, id, subject)? {
                return self.insert_duplicate(number, row, first);
            }
            key = next_key(key);
        }
        self.insert(number, row, Some(key))?;
        self.subjects.add(&self.connection, key, number)?;
        Ok(InsertResult::Stored)
    }

    /// Returns what `row` is about, if it can be sent.
    fn subject<'a>(&'a self, row: &NewRow<'a>) -> Option<Subject<'a>> {
        if row.state != RowState::Planned {
            return None;
        }
        let candidate = |email| Subject::Candidate {
            target: row.target,
            assessment: self
                .assessments
                .get(row.target as usize)
                .map_or("", String::as_str),
            email,
        };
        row.subject
            .map(Subject::Session)
            .or_else(|| row.email.map(candidate))
    }

    fn insert_duplicate(
        &self,
        number: u32,
        row: &NewRow<'_>,
        first: ExistingRow,
    ) -> rusqlite::Result<InsertResult> {
        let own_name = row.name.filter(|_| row.has_explicit_name);
        let other_name = first.name.filter(|name| !is_same_name(name, own_name));
        let what = match row.subject {
            None => "address",
            Some(_) => "session",
        };
        let origin = self.display_origin(first.number, first.location);
        let mut note = format!("same {what} as {origin}");
        if let Some(name) = &other_name {
            let _ = write!(note, ", whose name is `{name}`");
        }
        let duplicate = NewRow {
            state: RowState::Duplicate,
            note: Some(&note),
            ..*row
        };
        self.insert(number, &duplicate, None)?;
        Ok(InsertResult::Duplicate {
            number: first.number,
            location: first.location,
            name: other_name,
        })
    }

    fn insert(&self, number: u32, row: &NewRow<'_>, key: Option<i64>) -> rusqlite::Result<()> {
        let (file, line) = row.location.unzip();
        self.connection
            .prepare_cached(
                "INSERT INTO invites
                 (id, state, target, file, line, email, name, due_date, send_email, source, key, note,
                  has_explicit_name, subject, interpretations)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(params![
                self.run.row(number),
                row.state,
                row.target,
                file,
                line,
                row.email,
                row.name,
                row.due_date,
                row.send_email,
                row.source,
                key,
                row.note,
                row.has_explicit_name,
                row.subject,
                row.interpretations,
            ])
            .map(drop)
    }

    fn display_origin(&self, number: u32, location: Option<FileLocation>) -> String {
        let file = |(file, line): FileLocation| Some((self.files.get(file as usize)?, line));
        match location.and_then(file) {
            Some((file, line)) => format!("{file} line {line}"),
            None => format!("row {number}"),
        }
    }
}
