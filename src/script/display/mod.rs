//! Values as text for people.

pub(super) mod difference;
pub(super) mod layout;
pub(super) mod literal;
