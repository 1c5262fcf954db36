//! What the user decides about a plan: beforehand by options, and when they see it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Event, Plan, Rejection, Shard};
use crate::moment::Clock;

/// What is settled before a plan is made or sent.
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

/// The answer to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Send it.
    Given,
    /// Nobody agreed.
    Refused,
    /// The user interrupted the question.
    Interrupted,
}

/// Who decides about a plan and watches it being sent.
pub trait Overseer {
    /// Shows `plan`, and why it cannot be sent as it is, where that is so.
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>);

    /// Asks whether `plan`, which was shown, may be sent.
    fn approve(&self, plan: &Plan) -> Consent;

    /// Takes up what happens while a plan is sent.
    fn progress(&self, event: Event);
}
