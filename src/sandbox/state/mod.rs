//! What the sandbox stores, in `SQLite`. Knows nothing of HTTP.
//!
//! `store` opens the database and lends it out together with the time. The functions of each resource take the connection and,
//! if they need it, sandbox time.

pub(crate) mod assessments;
pub(crate) mod candidates;
mod schema;
mod select_query;
pub(crate) mod sessions;
mod store;

pub(crate) use select_query::{Listing, Page};
pub(crate) use store::{Store, StoreError};
