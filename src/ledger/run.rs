//! The data of a run: its number, origin and state.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use strum::{EnumString, IntoStaticStr};

use crate::change_kind::ChangeKind;

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct RunId(i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RunState {
    /// Its rows are being checked. A run that keeps this state was interrupted, and is never sent.
    Planning,
    /// The plan is complete, but not confirmed.
    Planned,
    Confirmed,
    /// It is being sent, or was when its process died.
    Sending,
    /// Every row has a result.
    Done,
    /// Sending ended before the last row.
    Stopped,
    /// The plan was not acceptable; it is never sent.
    Rejected,
    /// The user did not confirm it.
    Declined,
    /// The user discarded it; it is never sent.
    Discarded,
}

/// How and where a run was started.
#[derive(Clone, Debug)]
pub struct RunSpec {
    /// The script's name or path, as the user typed it.
    pub script: String,
    /// The script's arguments, as the user typed them.
    pub arguments: Vec<String>,
    pub directory: PathBuf,
    /// The address of the API. For the sandbox it means nothing: the port changes.
    pub api_url: String,
    pub sandbox: bool,
    /// The name of the user's time zone.
    pub zone: String,
    /// The shard that was planned, as `I/N`.
    pub shard: Option<String>,
    pub decisions: Decisions,
    pub author: Author,
}

/// Who started a run, and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The SHA-256 of the script's text in hexadecimal digits; `None` if a command planned the run.
    pub script_sha256: Option<String>,
    /// The name of the user of the operating system.
    pub os_user: Option<String>,
    /// The beginning of the API key.
    pub key_prefix: Option<String>,
}

/// What the user decided about a run. It holds for everything that is sent of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Candidates are invited even if they have finished.
    pub again: bool,
    /// Invalid rows are left out.
    pub skip_invalid: bool,
}

/// An assessment that rows of a run are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The id of the assessment.
    pub assessment: String,
    /// The name shown to people.
    pub label: String,
}

/// The id of the process that holds a run's lock, if its lock file names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockOwner(pub(super) Option<u32>);

impl RunId {
    pub fn number(self) -> i64 {
        self.0
    }

    /// Returns the id of this run's row with `number`.
    pub(super) fn row(self, number: u32) -> i64 {
        (self.0 << 32) | i64::from(number)
    }

    /// Returns the number of the row with `id` if it belongs to this run.
    pub(super) fn number_of(self, id: i64) -> Option<u32> {
        (id >> 32 == self.0).then(|| u32::try_from(id & 0xFFFF_FFFF).unwrap_or(0))
    }
}

impl RunState {
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn can_be_sent(self) -> bool {
        !matches!(self, Self::Planning | Self::Rejected | Self::Discarded)
    }
}

/// An unknown state is read as one that is never sent.
impl FromSql for RunState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(value.as_str()?.parse().unwrap_or(Self::Discarded))
    }
}

/// A kind that is unknown can neither be shown nor sent.
impl FromSql for ChangeKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::parse(name)
            .ok_or_else(|| FromSqlError::Other(format!("the kind of run `{name}`").into()))
    }
}

impl FromSql for RunId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
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

impl fmt::Display for LockOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(process) => write!(f, "process {process}"),
            None => f.write_str("another process"),
        }
    }
}
