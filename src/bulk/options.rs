//! The user's settings for a bulk operation.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Shard;
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
    /// Send this many rows only; the others stay planned.
    pub first: Option<u64>,
    /// Reject a plan with more invitations than this.
    pub max_invites: Option<u64>,
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
}
