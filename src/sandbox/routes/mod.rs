//! The HTTP API: a file per resource, brought together in `router`.

mod api_keys;
mod assessments;
mod candidates;
mod invites;
mod list;
mod router;
mod scoring;
mod sessions;

pub(crate) use router::router;
