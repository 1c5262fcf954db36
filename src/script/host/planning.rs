//! The plan that a script is making.

use jiff::Timestamp;

/// A plan that is being evaluated.
#[derive(Clone, Copy, Debug)]
pub(in crate::script) struct Planning {
    /// The time that `now()` returns.
    pub(super) since: Timestamp,
    /// The function that plans.
    pub(super) function: &'static str,
}
