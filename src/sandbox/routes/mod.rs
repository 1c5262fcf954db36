//! What the sandbox answers: a file per resource, put together in `router`.

mod api_keys;
mod assessments;
mod candidates;
mod invites;
mod list;
mod router;
mod scoring;
mod sessions;

pub(crate) use router::router;
