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

use fnv::FnvHasher;
use jiff::Timestamp;

use super::lock_record::{LockHolder, LockRecord};
use super::shard::Shard;
use crate::file_lock::{FileLock, LockMode, read_text};
use crate::ledger::Target;
use crate::private_file;

/// Locked while a process looks for other holders and locks its own files.
const GATE: &str = "gate.lock";
const EXTENSION: &str = ".lock";

/// The locks of the assessments of one service.
#[derive(Clone, Debug)]
pub struct AssessmentLocks {
    pub directory: PathBuf,
    service: String,
    /// Distinguishes the records of this instance from others.
    instance: u64,
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
    locks: Vec<FileLock>,
    record: LockRecord,
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
        let mut unsettled = Vec::new();
        for target in targets {
            for path in self.conflicting_files(&target.assessment, shard)? {
                let Some(mut lock) = FileLock::try_acquire(&path, LockMode::Exclusive)? else {
                    let record = read_text(&path).and_then(|text| LockRecord::parse(&text));
                    return Ok(LockAttempt::HeldByOther {
                        label: target.label.clone(),
                        holder: record.map(|record| record.holder),
                    });
                };
                let text = lock.read()?;
                if text.is_empty() {
                    continue;
                }
                let record = LockRecord::parse(&text);
                last_use = last_use.max(self.last_use(record.as_ref()));
                match record {
                    Some(record) => {
                        let is_own = record.instance == self.instance;
                        unsettled.extend(record.unsettled.iter().cloned());
                        if !is_own || record.holder.run != holder.run {
                            unsettled.push(record.holder.clone());
                        }
                        if record.released_at.is_none() {
                            // That its holder was killed is noticed once.
                            lock.write(&record.released().to_text())?;
                        }
                    }
                    None => lock.write("")?,
                }
            }
        }
        let names: BTreeSet<String> = targets
            .iter()
            .map(|target| self.file_name(&target.assessment, shard))
            .collect();
        unsettled.dedup();
        let mut held = HeldLocks {
            locks: Vec::with_capacity(names.len()),
            record: LockRecord {
                holder: holder.started_now(),
                instance: self.instance,
                unsettled,
                released_at: None,
            },
            last_use,
        };
        for name in names {
            // The gate is closed, so that nobody else can have locked it.
            let mut lock = FileLock::acquire(&self.directory.join(name))?;
            lock.write(&held.record.to_text())?;
            held.locks.push(lock);
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

    /// Returns when another process used a free lock that has this record.
    fn last_use(&self, record: Option<&LockRecord>) -> Option<Timestamp> {
        match record {
            Some(record) if record.instance == self.instance => None,
            Some(record) => Some(record.released_at.unwrap_or(Timestamp::MAX)),
            None => Some(Timestamp::MAX),
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

impl HeldLocks {
    /// Returns whether another process may have invited after `time`.
    pub(super) fn used_since(&self, time: Timestamp) -> bool {
        self.last_use.is_some_and(|last_use| last_use >= time)
    }

    /// Returns earlier holders whose requests the API may still be carrying out.
    pub(super) fn unsettled(&self) -> &[LockHolder] {
        &self.record.unsettled
    }

    /// Records that the API has carried out the requests of all earlier holders.
    pub(super) fn mark_settled(&mut self) -> io::Result<()> {
        self.record.unsettled.clear();
        let text = self.record.to_text();
        self.locks.iter_mut().try_for_each(|lock| lock.write(&text))
    }
}

impl Drop for HeldLocks {
    fn drop(&mut self) {
        let text = self.record.clone().released().to_text();
        for lock in &mut self.locks {
            // Without it, the next process assumes that this one was killed.
            let _ = lock.write(&text);
        }
    }
}
