//! The text in the lock file of an assessment: its holder, or the last one.

use std::path::{self, PathBuf};
use std::{env, process};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::ledger::{Ledger, Run, RunId};
use crate::time::DateTime;

/// The variables that may name the user.
const USER_VARIABLES: [&str; 3] = ["USER", "LOGNAME", "USERNAME"];

/// Returns the name of the user, as far as the environment has it.
pub fn user_name() -> Option<String> {
    USER_VARIABLES.iter().find_map(|name| env::var(name).ok())
}

/// A process that invites, and the run that it sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockHolder {
    pub(super) run: RunId,
    script: String,
    /// An absolute path.
    pub(super) ledger: PathBuf,
    process: u32,
    user: Option<String>,
    started_at: Timestamp,
}

/// The text of a lock file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LockRecord {
    #[serde(flatten)]
    pub(super) holder: LockHolder,
    /// Distinguishes the records of one process from others.
    pub(super) instance: u64,
    /// Earlier holders whose requests the API may still have been carrying out when the lock was taken.
    pub(super) unsettled: Vec<LockHolder>,
    /// `None` while the lock is held, and after its holder was killed.
    pub(super) released_at: Option<Timestamp>,
}

impl LockHolder {
    /// Describes this process, which starts now to send `run` of `ledger`.
    pub(super) fn new(ledger: &Ledger, run: &Run) -> Self {
        let path = &ledger.path;
        Self {
            run: run.id,
            script: run.spec.script.clone(),
            ledger: path::absolute(path).unwrap_or_else(|_| path.to_owned()),
            process: process::id(),
            user: user_name(),
            started_at: Timestamp::now(),
        }
    }

    pub(super) fn started_now(&self) -> Self {
        Self {
            started_at: Timestamp::now(),
            ..self.clone()
        }
    }

    /// For example ``run 12 (`invite_csv`) of `/home/jane/ledger.db`, started Fri 2030-02-01 14:02:11 UTC by process 4711
    /// (jane)``.
    pub fn describe(&self, zone: &TimeZone) -> String {
        let Self {
            run,
            script,
            ledger,
            process,
            ..
        } = self;
        let ledger = ledger.display();
        let started = DateTime::of(self.started_at, zone);
        let user = self.user.as_ref();
        let user = user.map_or_else(String::new, |user| format!(" ({user})"));
        format!(
            "run {run} (`{script}`) of `{ledger}`, started {started} by process {process}{user}"
        )
    }
}

impl LockRecord {
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn released(self) -> Self {
        Self {
            released_at: Some(Timestamp::now()),
            ..self
        }
    }
}
