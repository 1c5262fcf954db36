//! Writing a plan: its rows as they are judged, in transactions that let others have their turn.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use super::candidate::find_by_key;
use super::{Error, Ledger, RowState, RunId, StateCounts, Target, key};

/// How long a transaction stays open: meanwhile no other process can write. Not shorter, because the index is in no order,
/// and many rows share one of its pages; a plan that is cut short is never sent, so nothing is lost with them.
const MAX_TRANSACTION: Duration = Duration::from_millis(250);
/// How long others have their turn between two transactions: who waits to write looks now and then whether they can.
const YIELD_TIME: Duration = Duration::from_millis(10);

/// Number of a file, and a line in it, from 1.
pub type FileLocation = (u32, u64);

/// A row that was judged.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// `Planned`, `Skipped` or `Invalid`.
    pub state: RowState,
    /// Number of the target, from 0; also 0 for rows without one.
    pub target: u32,
    /// Number of the file it came from, and its line there.
    pub location: Option<FileLocation>,
    /// What the script was given for it, as JSON.
    pub source: Option<&'a str>,
    /// The candidate's address.
    pub email: Option<&'a str>,
    /// The candidate's name.
    pub name: Option<&'a str>,
    /// Somebody gave it; one that is derived contradicts no other.
    pub has_explicit_name: bool,
    /// The deadline, with its zone.
    pub due_date: Option<&'a str>,
    /// Whether the service is to send an email, where the script says so.
    pub send_email: Option<bool>,
    /// Why it is not sent.
    pub note: Option<&'a str>,
}

/// What became of a row that was to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InsertResult {
    /// It stands in the ledger as it was given.
    Stored,
    /// Its address stands in an earlier row; it was stored as a duplicate of that.
    Duplicate {
        /// Number of the earlier row.
        number: u32,
        /// Number of the file that one came from, and its line there.
        location: Option<FileLocation>,
        /// The name that one has, where it is another.
        name: Option<String>,
    },
}

/// A run whose rows are being written or judged again.
#[derive(Debug)]
pub struct PlanWriter {
    path: PathBuf,
    connection: Connection,
    pub(super) run: RunId,
    pub(super) assessments: Vec<String>,
    files: Vec<String>,
    /// Since when a transaction is open, if one is.
    transaction_start: Option<Instant>,
    pub(super) changes: StateCounts,
}

impl Ledger {
    /// Begins to write the rows of `run`, or to judge those it has again.
    ///
    /// # Errors
    /// The ledger cannot be opened or read.
    pub fn plan_writer(&self, run: RunId) -> Result<PlanWriter, Error> {
        let found = self.run(run)?;
        Ok(PlanWriter {
            path: self.path().to_owned(),
            connection: self.connect()?,
            run,
            assessments: found
                .targets
                .into_iter()
                .map(|target| target.assessment)
                .collect(),
            files: self.files(run)?.iter().map(ToString::to_string).collect(),
            transaction_start: None,
            changes: StateCounts::default(),
        })
    }
}

impl PlanWriter {
    /// Adds an assessment, and returns its number.
    ///
    /// # Errors
    /// The ledger cannot be written.
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

    /// Adds a file that rows come from, and returns its number.
    ///
    /// # Errors
    /// The ledger cannot be written.
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

    /// Adds a row. Numbers start at 1 and rise; there may be gaps.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn add(&mut self, number: u32, row: &NewRow<'_>) -> Result<InsertResult, Error> {
        self.begin()?;
        let inserted = match (row.state, row.email) {
            (RowState::Planned, Some(email)) => self.insert_unique(number, row, email),
            _ => self.insert(number, row, None).map(|_| InsertResult::Stored),
        };
        let inserted = inserted.map_err(|source| Error::database(&self.path, source))?;
        let state = match inserted {
            InsertResult::Stored => row.state,
            InsertResult::Duplicate { .. } => RowState::Duplicate,
        };
        self.changes.add(row.target, state, 1);
        Ok(inserted)
    }

    /// Lets other processes write, where it will be a while until more is written here.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn pause(&mut self) -> Result<(), Error> {
        self.commit()
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn finish(mut self) -> Result<(), Error> {
        self.commit()
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
                self.commit()?;
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

    fn commit(&mut self) -> Result<(), Error> {
        if self.transaction_start.take().is_none() {
            return Ok(());
        }
        self.changes
            .flush(&self.connection, self.run)
            .and_then(|()| self.connection.execute_batch("COMMIT"))
            .map_err(|source| Error::database(&self.path, source))
    }

    fn insert_unique(
        &self,
        number: u32,
        row: &NewRow<'_>,
        email: &str,
    ) -> rusqlite::Result<InsertResult> {
        let assessment = self
            .assessments
            .get(row.target as usize)
            .map_or("", String::as_str);
        let mut key = key::key(self.run, assessment, email);
        loop {
            if self.insert(number, row, Some(key))? == 1 {
                return Ok(InsertResult::Stored);
            }
            if let Some(first) = find_by_key(&self.connection, self.run, key, row.target, email)? {
                let own = row.name.filter(|_| row.has_explicit_name);
                let other = first.name.filter(|name| !is_same_name(name, own));
                let mut note = format!(
                    "same address as {}",
                    self.name(first.number, first.location)
                );
                if let Some(other) = &other {
                    let _ = write!(note, ", whose name is `{other}`");
                }
                let duplicate = NewRow {
                    state: RowState::Duplicate,
                    note: Some(&note),
                    ..*row
                };
                self.insert(number, &duplicate, None)?;
                return Ok(InsertResult::Duplicate {
                    number: first.number,
                    location: first.location,
                    name: other,
                });
            }
            key = key::next(key);
        }
    }

    fn insert(&self, number: u32, row: &NewRow<'_>, key: Option<i64>) -> rusqlite::Result<usize> {
        let (file, line) = row.location.unzip();
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO invites
                 (id, state, target, file, line, email, name, due_date, send_email, source, key, note)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
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
            ])
    }

    /// The name a person knows a row by.
    fn name(&self, number: u32, location: Option<FileLocation>) -> String {
        let file = |(file, line): (u32, u64)| Some((self.files.get(file as usize)?, line));
        match location.and_then(file) {
            Some((file, line)) => format!("{file} line {line}"),
            None => format!("row {number}"),
        }
    }
}

/// Tells whether two names differ in their capitals at most.
fn is_same_name(name: &str, other: Option<&str>) -> bool {
    other.is_none_or(|other| name.to_lowercase() == other.to_lowercase())
}
