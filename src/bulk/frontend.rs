//! Who sees a plan, agrees to it, and is told how it goes.

use super::{Event, Plan, Rejection};

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
pub trait BulkFrontend {
    /// Shows `plan`, and why it cannot be sent as it is, where that is so.
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>);

    /// Asks whether `plan`, which was shown, may be sent.
    fn approve(&self, plan: &Plan) -> Consent;

    /// Takes up what happens while a plan is sent.
    fn progress(&self, event: Event);
}
