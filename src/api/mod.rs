//! The Gradient client: one file per resource. The only module that uses reqwest.
//!
//! Only the public documentation of the API is known, so responses are parsed leniently: missing fields become `None`, unknown
//! fields are kept, unknown statuses stay text, and a body that is not JSON becomes an error that shows how it begins.
//!
//! Every request takes the same path: `retry_loop` waits for the `limiter` (concurrency, pauses, and the rate of `rate_limiter`),
//! lets the `transport` send the request once, and asks `retry` what to do if that fails.

mod api_keys;
mod assessments;
mod base_url;
mod ca_certificates;
mod candidates;
mod client;
mod config;
mod error;
mod error_body;
mod fields;
mod invites;
mod key;
mod limiter;
mod pagination;
mod probe;
#[cfg(test)]
mod property_tests;
mod rate_limiter;
mod raw_response;
mod retry;
mod retry_loop;
mod scoring;
mod sessions;
mod transport;

pub use self::api_keys::ApiKeyInfo;
pub use self::assessments::{Assessment, is_assessment_id};
pub use self::base_url::BaseUrl;
pub use self::ca_certificates::CaCertificates;
pub use self::candidates::{Candidate, CandidateFilter};
pub use self::client::Client;
pub use self::config::{Config, RequestLimits};
pub use self::error::Error;
pub use self::fields::{Extra, Time, snake_case};
pub use self::invites::{Invite, InviteEndpoint, InviteResponse, InvitedDueDate, SessionOwner};
pub use self::key::ApiKey;
pub use self::limiter::{LimiterStatus, Pause};
pub use self::probe::Probe;
pub use self::raw_response::{InvalidResponse, RawResponse};
pub use self::retry_loop::RetryOutcome;
pub use self::scoring::{AutoScores, FollowUp, Score, ScoreResponse};
pub use self::sessions::{Deletion, Session, SessionFilter, SessionSummary};
