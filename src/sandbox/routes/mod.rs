//! The HTTP API: a file per resource, brought together in `router`.

mod api_keys;
mod assessments;
mod candidates;
mod invites;
mod router;
mod sessions;

pub(crate) use router::router;
