//! What is settled about a plan before it is made.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Shard;
use crate::time::Clock;

/// How a plan is made, judged and sent.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub struct Options {
    /// The zone of shown times.
    pub zone: TimeZone,
    /// What deadlines are judged by.
    pub clock: Clock,
    /// How many invitations are in flight at once.
    pub concurrency: usize,
    /// Nothing is sent.
    pub dry_run: bool,
    /// Only so many rows are sent; the others stay planned.
    pub first: Option<u64>,
    /// A plan with more invitations than this is rejected.
    pub max_invites: Option<u64>,
    /// Invalid rows are left out, instead of rejecting the plan.
    pub skip_invalid: bool,
    /// Candidates who have finished are invited again, to a second attempt.
    pub again: bool,
    /// Only this share of the rows is planned.
    pub shard: Option<Shard>,
    /// Every answer is reported, not failures only.
    pub report_all: bool,
}

impl Options {
    /// Returns the time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
