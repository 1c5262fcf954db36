//! Writing a plan: rows as they are judged, and what is learnt about them before they are sent.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Row, params};

use super::{Error, Ledger, RowState, RunId, Tally, Target, key};

/// How long a transaction stays open: meanwhile no other process can write. Not shorter, because the index is in no order,
/// and many rows share one of its pages; a plan that is cut short is never sent, so nothing is lost with them.
const HELD: Duration = Duration::from_millis(250);
/// How long others have their turn between two transactions: who waits to write looks now and then whether they can.
const TURN: Duration = Duration::from_millis(10);

/// Number of a file, and a line in it, from 1.
pub type Place = (u32, u64);

/// A row that was judged.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// `Planned`, `Skipped` or `Invalid`.
    pub state: RowState,
    /// Number of the target, from 0; also 0 for rows without one.
    pub target: u32,
    /// Number of the file it came from, and its line there.
    pub place: Option<Place>,
    /// What the script was given for it, as JSON.
    pub source: Option<&'a str>,
    /// The candidate's address.
    pub email: Option<&'a str>,
    /// The candidate's name.
    pub name: Option<&'a str>,
    /// The deadline, with its zone.
    pub due_date: Option<&'a str>,
    /// Whether the service is to send an email, where the script says so.
    pub send_email: Option<bool>,
    /// Why it is not sent.
    pub note: Option<&'a str>,
}

/// What became of a row that was to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It stands in the ledger as it was given.
    Stored,
    /// Its address stands in an earlier row; it was stored as a duplicate of that.
    Duplicate {
        /// Number of the earlier row.
        number: u32,
        /// Number of the file that one came from, and its line there.
        place: Option<Place>,
    },
}

/// What the service knows of a candidate before they are invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They have an active session.
    Active,
    /// They are not to be invited, for this reason.
    Finished(String),
}

/// A row of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub number: u32,
    /// Number of the file it came from, and its line there.
    pub place: Option<Place>,
    /// The state it was in.
    pub state: RowState,
}

/// A run whose rows are being written or judged again.
#[derive(Debug)]
pub struct Drafting {
    path: PathBuf,
    connection: Connection,
    run: RunId,
    assessments: Vec<String>,
    files: Vec<String>,
    /// Since when a transaction is open, if one is.
    open: Option<Instant>,
    changes: Tally,
}

impl Ledger {
    /// Begins to write the rows of `run`, or to judge those it has again.
    ///
    /// # Errors
    /// The ledger cannot be opened or read.
    pub fn draft(&self, run: RunId) -> Result<Drafting, Error> {
        let found = self.run(run)?;
        Ok(Drafting {
            path: self.path().to_owned(),
            connection: self.connect()?,
            run,
            assessments: found
                .targets
                .into_iter()
                .map(|target| target.assessment)
                .collect(),
            files: self.files(run)?.iter().map(ToString::to_string).collect(),
            open: None,
            changes: Tally::default(),
        })
    }
}

impl Drafting {
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
    pub fn add(&mut self, number: u32, row: &NewRow<'_>) -> Result<Inserted, Error> {
        self.begin()?;
        let inserted = match (row.state, row.email) {
            (RowState::Planned, Some(email)) => self.insert_once(number, row, email),
            _ => self.insert(number, row, None).map(|_| Inserted::Stored),
        };
        let inserted = inserted.map_err(|source| Error::database(&self.path, source))?;
        let state = match inserted {
            Inserted::Stored => row.state,
            Inserted::Duplicate { .. } => RowState::Duplicate,
        };
        self.changes.add(row.target, state, 1);
        Ok(inserted)
    }

    /// Takes up what is known of a candidate, and returns their row, if they have one in one of `states`.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn stands(
        &mut self,
        target: u32,
        email: &str,
        standing: &Standing,
        states: &[RowState],
    ) -> Result<Option<Found>, Error> {
        let Some(assessment) = self.assessments.get(target as usize).cloned() else {
            return Ok(None);
        };
        let found =
            self.write(|connection, run| find(connection, run, target, &assessment, email))?;
        let Some(found) = found.filter(|found| states.contains(&found.state)) else {
            return Ok(None);
        };
        let id = self.run.row(found.number);
        match standing {
            Standing::Active => {
                self.write(|connection, _| {
                    connection
                        .prepare_cached("UPDATE invites SET known = 1 WHERE id = ?1")?
                        .execute([id])
                })?;
            }
            Standing::Finished(reason) => {
                self.leave_out(target, id, found.state, RowState::Skipped, reason)?;
            }
        }
        Ok(Some(found))
    }

    /// Makes a row that was in `state` an invalid one.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn invalidate(
        &mut self,
        number: u32,
        target: u32,
        state: RowState,
        reason: &str,
    ) -> Result<(), Error> {
        let id = self.run.row(number);
        self.leave_out(target, id, state, RowState::Invalid, reason)
    }

    /// Makes rows that were left out after they were planned planned ones again: their candidate had finished, or their
    /// deadline had passed, and both may be judged otherwise now.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn reopen(&mut self) -> Result<(), Error> {
        // Only rows that could be sent when they were planned have a key.
        const LEFT_OUT: &str = "id BETWEEN ?1 AND ?2 AND state IN (?3, ?4) AND key IS NOT NULL";
        let left_out = self.write(|connection, run| {
            let bounds = (
                run.row(0),
                run.row(u32::MAX),
                RowState::Skipped,
                RowState::Invalid,
            );
            let counted = connection
                .prepare(&format!(
                    "SELECT target, state, count(*) FROM invites WHERE {LEFT_OUT} GROUP BY target, state"
                ))?
                .query_map(bounds, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<Vec<(u32, RowState, i64)>>>()?;
            let planned = RowState::Planned as u8;
            connection.execute(
                &format!("UPDATE invites SET state = {planned}, note = NULL WHERE {LEFT_OUT}"),
                bounds,
            )?;
            Ok(counted)
        })?;
        for (target, state, count) in left_out {
            self.changes.add(target, state, -count);
            self.changes.add(target, RowState::Planned, count);
        }
        Ok(())
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

    fn leave_out(
        &mut self,
        target: u32,
        id: i64,
        from: RowState,
        to: RowState,
        reason: &str,
    ) -> Result<(), Error> {
        self.write(|connection, _| {
            connection
                .prepare_cached("UPDATE invites SET state = ?2, note = ?3 WHERE id = ?1")?
                .execute(params![id, to, reason])
        })?;
        self.changes.moved(target, from, to);
        Ok(())
    }

    fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection, RunId) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.begin()?;
        work(&self.connection, self.run).map_err(|source| Error::database(&self.path, source))
    }

    fn begin(&mut self) -> Result<(), Error> {
        match self.open {
            Some(since) if since.elapsed() < HELD => return Ok(()),
            Some(_) => {
                self.commit()?;
                thread::sleep(TURN);
            }
            None => {}
        }
        self.connection
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(|source| Error::database(&self.path, source))?;
        self.open = Some(Instant::now());
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        if self.open.take().is_none() {
            return Ok(());
        }
        self.changes
            .flush(&self.connection, self.run)
            .and_then(|()| self.connection.execute_batch("COMMIT"))
            .map_err(|source| Error::database(&self.path, source))
    }

    fn insert_once(
        &self,
        number: u32,
        row: &NewRow<'_>,
        email: &str,
    ) -> rusqlite::Result<Inserted> {
        let assessment = self
            .assessments
            .get(row.target as usize)
            .map_or("", String::as_str);
        let mut key = key::key(self.run, assessment, email);
        loop {
            if self.insert(number, row, Some(key))? == 1 {
                return Ok(Inserted::Stored);
            }
            if let Some((number_of_first, place)) =
                holder(&self.connection, self.run, key, row.target, email)?
            {
                let note = format!("same address as {}", self.name(number_of_first, place));
                let duplicate = NewRow {
                    state: RowState::Duplicate,
                    note: Some(&note),
                    ..*row
                };
                self.insert(number, &duplicate, None)?;
                return Ok(Inserted::Duplicate {
                    number: number_of_first,
                    place,
                });
            }
            key = key::next(key);
        }
    }

    fn insert(&self, number: u32, row: &NewRow<'_>, key: Option<i64>) -> rusqlite::Result<usize> {
        let (file, line) = row.place.unzip();
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
    fn name(&self, number: u32, place: Option<Place>) -> String {
        let file = |(file, line): (u32, u64)| Some((self.files.get(file as usize)?, line));
        match place.and_then(file) {
            Some((file, line)) => format!("{file} line {line}"),
            None => format!("row {number}"),
        }
    }
}

/// The row that has this key, if it is one of this run for the same candidate.
fn holder(
    connection: &Connection,
    run: RunId,
    key: i64,
    target: u32,
    email: &str,
) -> rusqlite::Result<Option<(u32, Option<Place>)>> {
    let mut statement = connection
        .prepare_cached("SELECT id, target, email, file, line FROM invites WHERE key = ?1")?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let number = number_for(row, run, target, email)?;
    let place = place(row)?;
    Ok(number.map(|number| (number, place)))
}

/// The number of a row that was found by its key, if it is one of this run for this candidate. Its first columns are id,
/// target, email, file and line.
fn number_for(
    row: &Row<'_>,
    run: RunId,
    target: u32,
    email: &str,
) -> rusqlite::Result<Option<u32>> {
    let other = row.get_ref(2)?.as_str_or_null()?;
    let same = row.get::<_, u32>(1)? == target
        && other.is_some_and(|other| other.eq_ignore_ascii_case(email));
    Ok(run.number_of(row.get(0)?).filter(|_| same))
}

fn place(row: &Row<'_>) -> rusqlite::Result<Option<Place>> {
    let place: (Option<u32>, Option<u64>) = (row.get(3)?, row.get(4)?);
    Ok(place.0.zip(place.1))
}

/// The row for a candidate.
fn find(
    connection: &Connection,
    run: RunId,
    target: u32,
    assessment: &str,
    email: &str,
) -> rusqlite::Result<Option<Found>> {
    let mut key = key::key(run, assessment, email);
    let mut statement = connection.prepare_cached(
        "SELECT id, target, email, file, line, state FROM invites WHERE key = ?1",
    )?;
    loop {
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        if let Some(number) = number_for(row, run, target, email)? {
            return Ok(Some(Found {
                number,
                place: place(row)?,
                state: row.get(5)?,
            }));
        }
        key = key::next(key);
    }
}
