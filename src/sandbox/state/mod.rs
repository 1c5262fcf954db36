//! What the sandbox stores, in `SQLite`.
//!
//! `store` opens the database and hands it out together with the time; each noun has a file with
//! its functions, which take the connection and, where they need it, sandbox time.

pub(crate) mod assessments;
pub(crate) mod candidates;
mod random;
mod schema;
mod select_query;
pub(crate) mod sessions;
mod store;

pub(crate) use select_query::Listing;
pub(crate) use store::Store;
