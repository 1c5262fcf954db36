//! The documented statuses of a session, in the order in which a session passes through them.
//!
//! The API may send others, so a status remains text until its meaning is needed.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A documented status.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    Serialize,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SessionStatus {
    Invited,
    Setup,
    InProgress,
    Submitted,
    Scoring,
    Scored,
    Reviewed,
}

impl SessionStatus {
    /// All statuses, in order.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Returns the status called `name`; `None` if it is not documented.
    pub fn of(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// Returns the name that the API uses.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns the names of all statuses, in order.
    pub fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|status| status.name()).collect()
    }

    /// Returns whether the candidate has finished.
    pub fn is_finished(self) -> bool {
        self >= Self::Submitted
    }
}
