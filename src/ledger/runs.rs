//! Runs: what was planned, by which script, for whom to send it to, and how far it got.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Error, Ledger, StateCounts};

/// The number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RunId(i64);

/// How far a run got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Its rows are being judged; a run that stays so was cut short, and is never sent.
    Planning,
    /// Its plan is whole, and nobody agreed to it yet.
    Planned,
    /// Somebody agreed to it.
    Confirmed,
    /// It is being sent, or was when its process was killed.
    Sending,
    /// Every row was answered.
    Done,
    /// Sending ended before the last row.
    Stopped,
    /// The plan was wrong; it is never sent.
    Rejected,
    /// Nobody agreed to it.
    Declined,
    /// The user gave it up; it is never sent.
    Discarded,
}

/// A run before it has a number.
#[derive(Clone, Debug)]
pub struct RunSpec {
    /// The script's name or path, as it was given.
    pub script: String,
    /// The script's arguments, as they were given.
    pub arguments: Vec<String>,
    /// The directory it ran in.
    pub directory: PathBuf,
    /// Where invitations go.
    pub api_url: String,
    /// Whether that is the sandbox.
    pub sandbox: bool,
    /// The time zone of the user, by name.
    pub zone: String,
    /// The part of the rows that it keeps, as `I/N`.
    pub shard: Option<String>,
}

/// A run of the ledger.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// How far it got.
    pub state: RunState,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was planned.
    pub created_at: Timestamp,
    /// What it was made of. For the sandbox, the address counts for nothing: its port changes.
    pub spec: RunSpec,
    /// What its candidates are invited to.
    pub targets: Vec<Target>,
    /// How many rows are in which state.
    pub state_counts: StateCounts,
}

/// An assessment that candidates of a run are invited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub assessment: String,
    /// Its name, as a person knows it.
    pub label: String,
}

impl RunId {
    /// Returns the number itself.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }

    /// The id of this run's row with `number`.
    pub(super) fn row(self, number: u32) -> i64 {
        (self.0 << 32) | i64::from(number)
    }

    /// The number of the row with `id`, if it is one of this run.
    pub(super) fn number_of(self, id: i64) -> Option<u32> {
        (id >> 32 == self.0).then(|| u32::try_from(id & 0xFFFF_FFFF).unwrap_or(0))
    }
}

impl RunState {
    const ALL: [Self; 9] = [
        Self::Planning,
        Self::Planned,
        Self::Confirmed,
        Self::Sending,
        Self::Done,
        Self::Stopped,
        Self::Rejected,
        Self::Declined,
        Self::Discarded,
    ];

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Planned => "planned",
            Self::Confirmed => "confirmed",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::Declined => "declined",
            Self::Discarded => "discarded",
        }
    }

    /// Tells whether a run in this state may be sent.
    #[must_use]
    pub fn can_be_sent(self) -> bool {
        !matches!(self, Self::Planning | Self::Rejected | Self::Discarded)
    }
}

impl Run {
    /// Returns how many rows have no recorded answer.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.state_counts.of(super::RowState::Planned)
            + self.state_counts.of(super::RowState::Sending)
    }
}

const SELECT: &str = "SELECT id, state, created_at, script, arguments, directory, api_url, sandbox, zone, shard, reason FROM runs";

impl Ledger {
    /// Begins a run, in the state `planning`.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn begin(&self, run: &RunSpec) -> Result<RunId, Error> {
        self.connection()
            .query_row(
                "INSERT INTO runs (state, created_at, script, arguments, directory, api_url, sandbox, zone, shard)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
                params![
                    RunState::Planning.name(),
                    Timestamp::now().as_millisecond(),
                    run.script,
                    serde_json::to_string(&run.arguments).unwrap_or_default(),
                    run.directory.to_string_lossy(),
                    run.api_url,
                    run.sandbox,
                    run.zone,
                    run.shard,
                ],
                |row| row.get(0).map(RunId),
            )
            .map_err(self.database_error())
    }

    /// Returns one run.
    ///
    /// # Errors
    /// There is none with this number, or the ledger cannot be read.
    pub fn run(&self, id: RunId) -> Result<Run, Error> {
        let found = self
            .connection()
            .query_row(&format!("{SELECT} WHERE id = ?1"), [id.0], read)
            .optional()
            .map_err(self.database_error())?;
        self.load_details(found.ok_or(Error::NoRun { run: id })?)
    }

    /// Returns the newest run, if there is one.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn newest(&self) -> Result<Option<Run>, Error> {
        let found = self
            .connection()
            .query_row(&format!("{SELECT} ORDER BY id DESC LIMIT 1"), [], read)
            .optional()
            .map_err(self.database_error())?;
        found.map(|run| self.load_details(run)).transpose()
    }

    /// Returns all runs, the newest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>, Error> {
        let read_all = || {
            self.connection()
                .prepare(&format!("{SELECT} ORDER BY id DESC"))?
                .query_map([], read)?
                .collect::<rusqlite::Result<Vec<Run>>>()
        };
        let runs = read_all().map_err(self.database_error())?;
        runs.into_iter().map(|run| self.load_details(run)).collect()
    }

    /// Returns the newest other run of the same script with the same arguments, at the same place, that has rows left to
    /// send.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn find_similar_unfinished(&self, id: RunId) -> Result<Option<Run>, Error> {
        let found = self
            .connection()
            .query_row(
                &format!(
                    "{SELECT} AS other WHERE other.id < ?1
                       AND (script, arguments, directory, sandbox, shard IS NULL, ifnull(shard, ''))
                         = (SELECT script, arguments, directory, sandbox, shard IS NULL, ifnull(shard, '') FROM runs WHERE id = ?1)
                       AND (sandbox OR api_url = (SELECT api_url FROM runs WHERE id = ?1))
                       AND state IN ('confirmed', 'sending', 'stopped')
                       AND EXISTS (SELECT 1 FROM counts WHERE run = other.id AND state IN (0, 1) AND count > 0)
                     ORDER BY other.id DESC LIMIT 1"
                ),
                [id.0],
                read,
            )
            .optional()
            .map_err(self.database_error())?;
        found.map(|run| self.load_details(run)).transpose()
    }

    /// Records how far a run got.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn set_state(&self, id: RunId, state: RunState) -> Result<(), Error> {
        self.connection()
            .execute(
                "UPDATE runs SET state = ?2 WHERE id = ?1",
                params![id.0, state.name()],
            )
            .map(drop)
            .map_err(self.database_error())
    }

    /// Rejects a run for `reason`.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn reject(&self, id: RunId, reason: &str) -> Result<(), Error> {
        self.connection()
            .execute(
                "UPDATE runs SET state = ?2, reason = ?3 WHERE id = ?1",
                params![id.0, RunState::Rejected.name(), reason],
            )
            .map(drop)
            .map_err(self.database_error())
    }

    /// Ends a run, which the caller holds, whose planning failed for `reason`. Where it came to no row, there is nothing to
    /// keep, and it is deleted. Returns whether it is kept.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn abandon(&self, id: RunId, reason: &str) -> Result<bool, Error> {
        if self.run(id)?.state_counts.total() == 0 {
            self.delete_run(id)?;
            return Ok(false);
        }
        self.reject(id, reason)?;
        Ok(true)
    }

    /// Adds what a run's candidates are invited to, and its numbers.
    pub(super) fn load_details(&self, mut run: Run) -> Result<Run, Error> {
        let read_targets = || {
            self.connection()
                .prepare_cached(
                    "SELECT assessment, label FROM targets WHERE run = ?1 ORDER BY number",
                )?
                .query_map([run.id.0], |row| {
                    Ok(Target {
                        assessment: row.get(0)?,
                        label: row.get(1)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<Target>>>()
        };
        run.targets = read_targets().map_err(self.database_error())?;
        run.state_counts =
            StateCounts::read(self.connection(), run.id).map_err(self.database_error())?;
        Ok(run)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    let state: String = row.get(1)?;
    let arguments: String = row.get(4)?;
    Ok(Run {
        id: RunId(row.get(0)?),
        state: state.parse().unwrap_or(RunState::Discarded),
        reason: row.get(10)?,
        created_at: Timestamp::from_millisecond(row.get(2)?).unwrap_or(Timestamp::UNIX_EPOCH),
        spec: RunSpec {
            script: row.get(3)?,
            arguments: serde_json::from_str(&arguments).unwrap_or_default(),
            directory: PathBuf::from(row.get::<_, String>(5)?),
            api_url: row.get(6)?,
            sandbox: row.get(7)?,
            zone: row.get(8)?,
            shard: row.get(9)?,
        },
        targets: Vec::new(),
        state_counts: StateCounts::default(),
    })
}

impl FromStr for RunState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or(())
    }
}

impl FromStr for RunId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse()
            .ok()
            .filter(|number| (1..1 << 31).contains(number))
            .map(Self)
            .ok_or_else(|| "a run is a number, such as 12".to_owned())
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().fmt(f)
    }
}
