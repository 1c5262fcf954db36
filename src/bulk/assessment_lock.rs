//! The locks of assessments: of the processes on this machine, only one at a time invites to an assessment.
//!
//! Processes that share a list by `--shard` work at the same time, if they agree about the number of shards. So an assessment
//! has a file for the whole list, and one for each shard. The names of the files show which of them exclude each other, and a
//! gate makes looking at the others and locking the own file one step. The files stay: each records who used it last, and when.

use std::collections::BTreeSet;
use std::fs;
use std::hash::Hasher as _;
use std::io;
use std::path::PathBuf;
use std::{env, process};

use fnv::FnvHasher;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::shard::Shard;
use crate::file_lock::{FileLock, LockMode, read_text};
use crate::ledger::{Ledger, Run, Target};
use crate::private_file;
use crate::time::DateTime;

/// Locked while a process looks for other holders and locks its own files.
const GATE: &str = "gate.lock";
const EXTENSION: &str = ".lock";
/// The variables that may name the user.
const USER_VARIABLES: [&str; 3] = ["USER", "LOGNAME", "USERNAME"];

/// The locks of the assessments of one service.
#[derive(Clone, Debug)]
pub struct AssessmentLocks {
    directory: PathBuf,
    service: String,
    /// Distinguishes the records of this instance from others.
    instance: u64,
}

/// A process that invites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockHolder {
    run: i64,
    script: String,
    ledger: String,
    process: u32,
    user: Option<String>,
    started_at: Timestamp,
}

/// The text of a lock file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    holder: LockHolder,
    instance: u64,
    /// `None` while the lock is held, and after its holder was killed.
    released_at: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) enum LockAttempt {
    Acquired(HeldLocks),
    HeldByOther {
        /// The name of the assessment.
        label: String,
        /// `None` if the file does not show it.
        holder: Option<LockHolder>,
    },
}

/// The locks of the assessments of a run, released when dropped.
#[derive(Debug)]
pub(super) struct HeldLocks {
    locks: Vec<(FileLock, Record)>,
    /// When another process that excludes this one last released its lock; the end of time if it was killed.
    last_use: Option<Timestamp>,
}

impl AssessmentLocks {
    /// Returns the locks of `service` in `directory`, which is created when the first lock is taken.
    pub fn new(directory: PathBuf, service: String) -> Self {
        Self {
            directory,
            service,
            instance: fastrand::u64(..),
        }
    }

    pub fn directory(&self) -> &std::path::Path {
        &self.directory
    }

    /// Tries to lock all of `targets`, or none of them. A `shard` locks its part only.
    pub(super) fn try_acquire(
        &self,
        targets: &[Target],
        shard: Option<Shard>,
        holder: &LockHolder,
    ) -> io::Result<LockAttempt> {
        private_file::create_dir(&self.directory)?;
        let _gate = FileLock::acquire(&self.directory.join(GATE))?;
        let mut last_use = None;
        for target in targets {
            for path in self.conflicting_files(&target.assessment, shard)? {
                let Some(mut lock) = FileLock::try_acquire(&path, LockMode::Exclusive)? else {
                    let record = read_text(&path).and_then(|text| Record::parse(&text));
                    return Ok(LockAttempt::HeldByOther {
                        label: target.label.clone(),
                        holder: record.map(|record| record.holder),
                    });
                };
                last_use = last_use.max(self.last_use(&mut lock)?);
            }
        }
        let names: BTreeSet<String> = targets
            .iter()
            .map(|target| self.file_name(&target.assessment, shard))
            .collect();
        let record = Record {
            holder: LockHolder {
                started_at: Timestamp::now(),
                ..holder.clone()
            },
            instance: self.instance,
            released_at: None,
        };
        let mut held = HeldLocks {
            locks: Vec::with_capacity(names.len()),
            last_use,
        };
        for name in names {
            // The gate is closed, so that nobody else can have locked it.
            let mut lock = FileLock::acquire(&self.directory.join(name))?;
            lock.write(&record.to_text())?;
            held.locks.push((lock, record.clone()));
        }
        Ok(LockAttempt::Acquired(held))
    }

    /// Returns the existing files that exclude the one for `assessment` and `shard`, and that file itself.
    fn conflicting_files(
        &self,
        assessment: &str,
        shard: Option<Shard>,
    ) -> io::Result<Vec<PathBuf>> {
        let prefix = self.prefix(assessment);
        let mut paths = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let name = entry.file_name();
            let rest = name.to_str().and_then(|name| name.strip_prefix(&prefix));
            let Some(rest) = rest.and_then(|rest| rest.strip_suffix(EXTENSION)) else {
                continue;
            };
            let other = rest
                .strip_prefix('-')
                .and_then(|text| text.replace("of", "/").parse::<Shard>().ok());
            let excludes = match (shard, other) {
                (Some(shard), Some(other)) => shard.overlaps(other),
                _ => true,
            };
            if excludes {
                paths.push(entry.path());
            }
        }
        Ok(paths)
    }

    /// Returns when another process last used a free lock. One whose holder was killed is marked as released, so that this
    /// is noticed once.
    fn last_use(&self, lock: &mut FileLock) -> io::Result<Option<Timestamp>> {
        let text = lock.read()?;
        if text.is_empty() {
            return Ok(None);
        }
        match Record::parse(&text) {
            Some(record) if record.instance == self.instance => Ok(None),
            Some(Record {
                released_at: Some(at),
                ..
            }) => Ok(Some(at)),
            Some(record) => {
                lock.write(&record.released().to_text())?;
                Ok(Some(Timestamp::MAX))
            }
            None => {
                lock.write("")?;
                Ok(Some(Timestamp::MAX))
            }
        }
    }

    fn file_name(&self, assessment: &str, shard: Option<Shard>) -> String {
        let shard = shard.map(|shard| format!("-{}", shard.to_string().replace('/', "of")));
        let prefix = self.prefix(assessment);
        format!("{prefix}{}{EXTENSION}", shard.unwrap_or_default())
    }

    /// A hash, because both names come from outside and may contain anything.
    fn prefix(&self, assessment: &str) -> String {
        let mut hasher = FnvHasher::default();
        hasher.write(self.service.as_bytes());
        hasher.write_u8(b'\n');
        hasher.write(assessment.to_lowercase().as_bytes());
        format!("{:016x}", hasher.finish())
    }
}

impl LockHolder {
    /// Describes this process, which starts now to send `run` of `ledger`.
    pub(super) fn new(ledger: &Ledger, run: &Run) -> Self {
        let path = ledger.path();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self {
            run: run.id.number(),
            script: run.spec.script.clone(),
            ledger: path.display().to_string(),
            process: process::id(),
            user: USER_VARIABLES.iter().find_map(|name| env::var(name).ok()),
            started_at: Timestamp::now(),
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
        let started = DateTime::of(self.started_at, zone);
        let user = self.user.as_ref();
        let user = user.map_or_else(String::new, |user| format!(" ({user})"));
        format!(
            "run {run} (`{script}`) of `{ledger}`, started {started} by process {process}{user}"
        )
    }
}

impl Record {
    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn released(self) -> Self {
        Self {
            released_at: Some(Timestamp::now()),
            ..self
        }
    }
}

impl HeldLocks {
    /// Returns whether another process may have invited after `time`.
    pub(super) fn used_since(&self, time: Timestamp) -> bool {
        self.last_use.is_some_and(|last_use| last_use >= time)
    }
}

impl Drop for HeldLocks {
    fn drop(&mut self) {
        for (mut lock, record) in self.locks.drain(..) {
            // Without the record, the next process assumes that this one was killed.
            let _ = lock.write(&record.released().to_text());
        }
    }
}
