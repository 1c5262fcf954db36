//! The user's settings for a bulk operation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::never_invite::{NeverInvite, NeverInviteCheck};
use super::{Error, Shard};
use crate::change_kind::ChangeKind;
use crate::ledger::Decisions;
use crate::time::Clock;

#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub struct Options {
    /// The time zone for output.
    pub zone: TimeZone,
    pub clock: Clock,
    pub dry_run: bool,
    /// Send this many rows of all plans only; the others stay planned.
    pub first: Option<u64>,
    /// Reject a plan if the process would send more invitations.
    pub max_invites: Option<ChangeLimit>,
    /// Reject a plan if the process would make more changes of any kind.
    pub max_changes: Option<ChangeLimit>,
    /// How many changes this process has begun to make.
    pub changed: ChangeCount,
    /// Skip rows whose address is in this list.
    pub never_invite: Option<Arc<NeverInvite>>,
    /// Leave invalid rows out instead of rejecting the plan.
    pub skip_invalid: bool,
    /// Invite candidates again even if they have finished, which opens a second attempt.
    pub again: bool,
    /// Plan only the rows of this shard.
    pub shard: Option<Shard>,
    /// Report every result, not only failures.
    pub report_all: bool,
    /// Wait this long for another process that invites to the same assessment.
    pub wait_lock: Duration,
}

impl Options {
    /// Returns options that send everything: no dry run, no limit, nothing skipped.
    #[must_use]
    pub fn new(zone: TimeZone, clock: Clock) -> Self {
        Self {
            zone,
            clock,
            dry_run: false,
            first: None,
            max_invites: None,
            max_changes: None,
            changed: ChangeCount::default(),
            never_invite: None,
            skip_invalid: false,
            again: false,
            shard: None,
            report_all: false,
            wait_lock: Duration::ZERO,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns what the user has decided about a run.
    #[must_use]
    pub fn decisions(&self) -> Decisions {
        Decisions {
            again: self.again,
            skip_invalid: self.skip_invalid,
        }
    }

    /// Returns the options for sending a run with earlier `decisions`, which hold as well.
    pub fn with_decisions(&self, decisions: Decisions) -> Self {
        Self {
            again: self.again || decisions.again,
            skip_invalid: self.skip_invalid || decisions.skip_invalid,
            ..self.clone()
        }
    }

    /// Returns how many more rows may be sent; `None` if there is no limit.
    pub(super) fn remaining(&self) -> Option<u64> {
        self.first
            .map(|first| first.saturating_sub(self.changed.total()))
    }

    /// Returns the list of addresses that must not be invited, as it is now.
    pub fn never_invite_check(&self) -> Result<Option<NeverInviteCheck>, Error> {
        let list = self.never_invite.as_ref();
        Ok(list.map(|list| list.check()).transpose()?)
    }
}

/// The most changes of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeLimit {
    pub allowed: u64,
    /// Whether it is an option of the command, so that the user has this very command in mind.
    pub is_option: bool,
    /// What sets the limit, such as `--max-invites`.
    pub origin: String,
}

/// The number of changes in all plans of a process that were sent, or would have been without a dry run. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct ChangeCount(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    invites: AtomicU64,
    all: AtomicU64,
}

impl ChangeCount {
    pub(super) fn add(&self, kind: ChangeKind, changes: u64) {
        self.0.all.fetch_add(changes, Ordering::Relaxed);
        if kind == ChangeKind::Invite {
            self.0.invites.fetch_add(changes, Ordering::Relaxed);
        }
    }

    /// Returns the number of changes of any kind.
    pub fn total(&self) -> u64 {
        self.0.all.load(Ordering::Relaxed)
    }

    pub(super) fn invites(&self) -> u64 {
        self.0.invites.load(Ordering::Relaxed)
    }
}
